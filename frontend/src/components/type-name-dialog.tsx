import { TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "./form-dialog";

interface TypeNameDialogProps {
  title: string;
  submit: string;
  /** What has to be typed before anything is done. */
  name: string;
  /** What it throws is shown in the dialog, which stays. */
  onDo: () => Promise<void>;
  onClose: () => void;
  /** What goes with it. */
  children: ReactNode;
}

/** Asks for the name of what is deleted, so that nothing large goes by a slip. */
export function TypeNameDialog(props: TypeNameDialogProps) {
  const { title, submit, name, onDo, onClose, children } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | undefined>();
  const run = async () => {
    setBusy(true);
    try {
      await onDo();
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <FormDialog
      title={title}
      submit={submit}
      dangerous
      busy={busy}
      disabled={typed.trim() !== name}
      error={refused}
      onSubmit={() => void run()}
      onClose={onClose}
    >
      {children}
      <TextInput
        label={t("typeName", { name })}
        value={typed}
        autoComplete="off"
        data-autofocus
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </FormDialog>
  );
}
