import { Button, Modal, TextInput } from "@mantine/core";
import { IconFileZip, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { assistants } from "@/api/assistants";
import { samplesQuery } from "@/api/samples";
import { AssistantIcon } from "./assistant-icon";
import classes from "./new-assistant-dialog.module.css";

interface NewAssistantDialogProps {
  opened: boolean;
  onClose: () => void;
  /** Go on with a zip instead. */
  onZip: () => void;
}

/** Empty, from a sample, or from a zip; the name is proposed and can be changed. */
export function NewAssistantDialog({ opened, onClose, onZip }: NewAssistantDialogProps) {
  const { t } = useTranslation(["home", "common"]);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("new")}
      size={560}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <NewAssistantForm
        onClose={onClose}
        onZip={() => {
          onClose();
          onZip();
        }}
      />
    </Modal>
  );
}

const EMPTY = "";

function NewAssistantForm({ onClose, onZip }: Omit<NewAssistantDialogProps, "opened">) {
  const { t } = useTranslation(["home", "common"]);
  const client = useQueryClient();
  const navigate = useNavigate();
  const samples = useQuery(samplesQuery);
  const [sample, setSample] = useState(EMPTY);
  const [typedName, setTypedName] = useState<string | null>(null);
  const proposed = samples.data?.find((each) => each.id === sample)?.name ?? t("emptyName");
  const name = typedName ?? proposed;
  const create = useMutation({
    mutationFn: () => assistants.create({ name: name.trim(), sample: sample || null }),
    onSuccess: async (assistant) => {
      await client.invalidateQueries({ queryKey: ["assistants"] });
      onClose();
      await navigate({
        to: "/assistants/$assistantId/flows",
        params: { assistantId: assistant.id },
      });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) create.mutate();
  };
  return (
    <form onSubmit={submit} className={classes["form"]}>
      <div className={classes["choices"]} role="radiogroup" aria-label={t("startFrom")}>
        <Choice
          chosen={sample === EMPTY}
          onChoose={() => setSample(EMPTY)}
          icon={<IconPlus size={20} stroke={1.75} />}
          title={t("emptyTitle")}
          sentence={t("emptySentence")}
        />
        {samples.data?.map((each) => (
          <Choice
            key={each.id}
            chosen={sample === each.id}
            onChoose={() => setSample(each.id)}
            icon={<AssistantIcon name={each.icon} />}
            title={each.name}
            sentence={each.description}
          />
        ))}
      </div>
      <TextInput
        label={t("name")}
        value={name}
        onChange={(event) => setTypedName(event.currentTarget.value)}
        error={create.error?.message}
        data-autofocus
      />
      <div className={classes["foot"]}>
        <Button
          variant="subtle"
          leftSection={<IconFileZip size={18} stroke={1.75} />}
          onClick={onZip}
        >
          {t("fromZip")}
        </Button>
        <span className={classes["grow"]} />
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button type="submit" loading={create.isPending} disabled={!name.trim()}>
          {t("create")}
        </Button>
      </div>
    </form>
  );
}

interface ChoiceProps {
  chosen: boolean;
  onChoose: () => void;
  icon: ReactNode;
  title: string;
  sentence: string;
}

function Choice({ chosen, onChoose, icon, title, sentence }: ChoiceProps) {
  return (
    <label className={classes["choice"]} data-chosen={chosen}>
      <input
        type="radio"
        name="start"
        checked={chosen}
        onChange={onChoose}
        className="visually-hidden"
      />
      <span className={classes["icon"]}>{icon}</span>
      <span>
        <b>{title}</b>
        <small>{sentence}</small>
      </span>
    </label>
  );
}
