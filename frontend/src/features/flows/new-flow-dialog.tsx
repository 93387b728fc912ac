import { Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { content, contentKey } from "@/api/content";
import { FormDialog } from "@/components/form-dialog";
import { newFlow } from "@/flow-core/new-flow";
import { flowIdFrom } from "@/lib/flow-id";

interface NewFlowDialogProps {
  assistantId: string;
  onClose: () => void;
}

const MONOSPACE = { input: { fontFamily: "var(--mantine-font-family-monospace)" } };

/** Name and description; the id is proposed from the name and may be changed. */
export function NewFlowDialog({ assistantId, onClose }: NewFlowDialogProps) {
  const { t } = useTranslation("flows");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [typedId, setTypedId] = useState<string | null>(null);
  const id = typedId ?? flowIdFrom(name);
  const ready = name.trim() !== "" && description.trim() !== "" && id !== "";
  const create = useMutation({
    mutationFn: () => content.create(assistantId, "flows", id, newFlow(name, description)),
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
    <FormDialog
      title={t("new")}
      submit={t("dialog.create")}
      busy={create.isPending}
      disabled={!ready}
      onSubmit={() => create.mutate()}
      onClose={onClose}
    >
      <TextInput
        label={t("dialog.name")}
        placeholder={t("dialog.namePlaceholder")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        autosize
        minRows={2}
        label={t("dialog.description")}
        description={t("dialog.descriptionHint")}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      />
      <TextInput
        label={t("dialog.id")}
        description={t("dialog.idHint")}
        value={id}
        styles={MONOSPACE}
        onChange={(event) => setTypedId(event.currentTarget.value)}
        error={create.error?.message}
      />
    </FormDialog>
  );
}
