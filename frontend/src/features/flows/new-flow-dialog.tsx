import { Button, Group, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { content, contentKey } from "@/api/content";
import { flowIdFrom } from "./flow-id";

interface NewFlowDialogProps {
  assistantId: string;
  onClose: () => void;
}

/** Name and description; the id is proposed from the name and may be changed. */
export function NewFlowDialog({ assistantId, onClose }: NewFlowDialogProps) {
  const { t } = useTranslation(["flows", "common"]);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [typedId, setTypedId] = useState<string | null>(null);
  const id = typedId ?? flowIdFrom(name);
  const ready = name.trim() !== "" && description.trim() !== "" && id !== "";
  const create = useMutation({
    mutationFn: () =>
      content.create(assistantId, "flows", id, {
        name: name.trim(),
        description: description.trim(),
        steps: [{ noop: true, next: "END" }],
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: contentKey(assistantId, "flows") });
      await navigate({
        to: "/assistants/$assistantId/flows/$flowId",
        params: { assistantId, flowId: id },
        search: { step: "START" },
      });
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("new")}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) create.mutate();
        }}
      >
        <TextInput
          label={t("dialog.name")}
          placeholder={t("dialog.namePlaceholder")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Textarea
          mt={18}
          autosize
          minRows={2}
          label={t("dialog.description")}
          description={t("dialog.descriptionHint")}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <TextInput
          mt={18}
          label={t("dialog.id")}
          description={t("dialog.idHint")}
          value={id}
          ff="monospace"
          onChange={(event) => setTypedId(event.currentTarget.value)}
          error={create.error?.message}
        />
        <Group justify="flex-end" gap={8} mt={20}>
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" disabled={!ready} loading={create.isPending}>
            {t("dialog.create")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
