import { TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assistants } from "@/api/assistants";
import type { Assistant } from "@/api/types";
import { FormDialog } from "@/components/form-dialog";

interface RenameDialogProps {
  assistant: Assistant;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}

export function RenameDialog({ assistant, onClose, onDone }: RenameDialogProps) {
  const { t } = useTranslation("home");
  const [name, setName] = useState(assistant.name);
  const rename = useMutation({
    mutationFn: () => assistants.change(assistant.id, { name: name.trim() }),
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("menu.rename")}
      submit={t("menu.rename")}
      busy={rename.isPending}
      disabled={!name.trim()}
      onSubmit={() => rename.mutate()}
      onClose={onClose}
    >
      <TextInput
        label={t("name")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={rename.error?.message}
        data-autofocus
      />
    </FormDialog>
  );
}
