import { TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "@/components/form-dialog";

interface RenameDialogProps {
  id: string;
  /** What follows the new name. */
  hint?: string;
  /** It is a name in words; without it spaces become underscores. */
  inWords?: boolean;
  /** Why a name cannot be taken; null where it can. */
  problemOf: (name: string) => string | null;
  /** Throws what the server refuses; the dialog then stays, with the reason at the field. */
  onRename: (name: string) => Promise<void>;
  onClose: () => void;
  /** What else there is to know. */
  children?: ReactNode;
}

/** A new name for one item. */
export function RenameDialog(props: RenameDialogProps) {
  const { id, hint, inWords, problemOf, onRename, onClose, children } = props;
  const { t } = useTranslation("content");
  const [typed, setTyped] = useState(id);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const name = inWords ? typed.trim() : typed;
  const problem = problemOf(name);
  const submit = async () => {
    setBusy(true);
    try {
      await onRename(name);
      onClose();
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <FormDialog
      title={t("rename.title")}
      submit={t("rename.title")}
      busy={busy}
      disabled={name === id || name === "" || problem !== null}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextInput
        label={t("rename.name")}
        description={hint}
        value={typed}
        data-autofocus
        error={refused || problem}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          setRefused("");
          const { value } = event.currentTarget;
          setTyped(inWords ? value : value.replace(/\s+/g, "_"));
        }}
      />
      {children}
    </FormDialog>
  );
}
