import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "@/components/content/fields.module.css";
import { useCreate } from "@/components/content/use-create";
import { newFlow } from "@/flow-core/new-flow";
import { flowIdFrom } from "@/lib/flow-id";
import { useBuilder } from "../builder-context";

interface NewFlowProps {
  typed: string;
  onDone: (flow: string | null) => void;
}

/** Makes the flow that a step calls or links to, where it is needed; the step stays open. */
export function NewFlow({ typed, onDone }: NewFlowProps) {
  const { t } = useTranslation(["flows", "common"]);
  const { assistantId } = useBuilder();
  const make = useCreate(assistantId);
  const [name, setName] = useState(typed);
  const [typedId, setTypedId] = useState<string | null>(null);
  const [description, setDescription] = useState("");
  const id = typedId ?? flowIdFrom(name);
  const ready = name.trim() !== "" && description.trim() !== "" && id !== "";
  const create = useMutation({
    mutationFn: () => make("flows", id, newFlow(name, description)),
    onSuccess: () => onDone(id),
  });
  return (
    <form
      className={classes["card"]}
      aria-label={t("new")}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) create.mutate();
      }}
    >
      <TextInput
        label={t("dialog.name")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t("dialog.description")}
        description={t("dialog.descriptionHint")}
        value={description}
        autoFocus
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <TextInput
        label={t("dialog.id")}
        value={id}
        classNames={{ input: classes["mono"] }}
        error={create.error?.message}
        onChange={(event) => setTypedId(event.currentTarget.value)}
      />
      <div className={classes["row"]}>
        <Button type="submit" size="xs" loading={create.isPending} disabled={!ready}>
          {t("new")}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={() => onDone(null)}>
          {t("common:cancel")}
        </Button>
      </div>
    </form>
  );
}
