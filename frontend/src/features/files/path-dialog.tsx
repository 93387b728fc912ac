import { TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FormDialog } from "@/components/form-dialog";

interface PathDialogProps {
  /** A new file, or another path for one. */
  purpose: "new" | "move";
  /** What stands in the field at first. */
  path: string;
  save: (path: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for the path of a file; the server says what may not be one, at the field. */
export function PathDialog({ purpose, path, save, onClose }: PathDialogProps) {
  const { t } = useTranslation("files");
  const [value, setValue] = useState(path);
  const saving = useMutation({ mutationFn: save, onSuccess: onClose });
  return (
    <FormDialog
      title={t(`${purpose}.title`)}
      submit={t(`${purpose}.submit`)}
      busy={saving.isPending}
      disabled={value.trim() === "" || value.endsWith("/")}
      onSubmit={() => saving.mutate(value.trim())}
      onClose={onClose}
    >
      <TextInput
        label={t("path")}
        description={t("pathHint")}
        value={value}
        data-autofocus
        error={saving.error?.message}
        onChange={(event) => {
          setValue(event.currentTarget.value);
          saving.reset();
        }}
      />
    </FormDialog>
  );
}
