import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { assistants } from "@/api/assistants";
import type { Assistant } from "@/api/types";

interface RenameDialogProps {
  assistant: Assistant;
  onClose: () => void;
  onDone: () => Promise<unknown>;
}

export function RenameDialog({ assistant, onClose, onDone }: RenameDialogProps) {
  const { t } = useTranslation(["home", "common"]);
  const [name, setName] = useState(assistant.name);
  const rename = useMutation({
    mutationFn: () => assistants.change(assistant.id, { name: name.trim() }),
    onSuccess: async () => {
      await onDone();
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("menu.rename")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) rename.mutate();
        }}
      >
        <TextInput
          label={t("name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={rename.error?.message}
          data-autofocus
        />
        <Group justify="flex-end" gap={8} mt={20}>
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" loading={rename.isPending}>
            {t("menu.rename")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
