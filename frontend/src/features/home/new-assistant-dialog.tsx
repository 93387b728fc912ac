import { Button, FileButton, Modal, Select, TextInput } from "@mantine/core";
import { IconBrandGit, IconCheck, IconFileZip, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type KeyboardEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { assistants } from "@/api/assistants";
import type { ImportSource } from "@/api/imports";
import { samplesQuery } from "@/api/samples";
import { versions } from "@/api/versions";
import { AssistantIcon } from "@/components/assistant-icon";
import { toast } from "@/components/feedback/toast";
import { GitFields, NO_PLACE } from "@/components/git-fields";
import { FurtherLanguages, useFurtherLanguages } from "@/components/languages/further-languages";
import { LANGUAGE_CODES } from "@/components/languages/language-codes";
import { languageName } from "@/lib/language-name";
import classes from "./new-assistant-dialog.module.css";

interface NewAssistantDialogProps {
  opened: boolean;
  onClose: () => void;
  /** Read a project that is there already. */
  onImport: (source: ImportSource, name: string) => void;
}

/** Empty, from a sample, a zip or Git; the name is proposed and can be changed. */
export function NewAssistantDialog({ opened, onClose, onImport }: NewAssistantDialogProps) {
  const { t } = useTranslation(["home", "common"]);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("new")}
      size={880}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <NewAssistantForm onClose={onClose} onImport={onImport} />
    </Modal>
  );
}

// Samples have names of their own, of letters.
const EMPTY = "";
const ZIP = ":zip";
const GIT = ":git";

/** "bank" of "bank.zip", and of "https://git.example.org/team/bank.git". */
const stemOf = (path: string) =>
  path
    .replace(/(\/|\/?\.git)+$/, "")
    .replace(/^.*\//, "")
    .replace(/\.zip$/i, "");

function NewAssistantForm({ onClose, onImport }: Omit<NewAssistantDialogProps, "opened">) {
  const { t, i18n } = useTranslation(["home", "common"]);
  const samples = useQuery(samplesQuery);
  const [start, setStart] = useState(EMPTY);
  const [file, setFile] = useState<File | null>(null);
  const [git, setGit] = useState(NO_PLACE);
  const [typedName, setTypedName] = useState<string | null>(null);
  const source: ImportSource | null =
    start === ZIP && file ? { file } : start === GIT && git.address.trim() ? { git } : null;
  const proposed = {
    [ZIP]: file ? stemOf(file.name) : "",
    [GIT]: stemOf(git.address.trim()),
    [EMPTY]: t("emptyName"),
  };
  const sample = samples.data?.find((each) => each.id === start);
  const name = typedName ?? sample?.name ?? proposed[start as keyof typeof proposed] ?? "";
  const [language, setLanguage] = useState<string>(i18n.language);
  const further = useFurtherLanguages(
    sample ? [sample.language, ...sample.additional_languages] : [language],
  );
  const languages = LANGUAGE_CODES.map((code) => ({
    value: code,
    label: languageName(code, i18n.language),
  }));
  /** Enter means what is typed, also before its offers are drawn; it makes no assistant in another language. */
  const takeTyped = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    const typed = event.currentTarget.value.trim().toLowerCase();
    if (typed === languageName(language, i18n.language).toLowerCase()) return;
    event.preventDefault();
    const found = languages.find(({ label }) => label.toLowerCase().includes(typed));
    if (found) setLanguage(found.value);
  };
  const create = useCreate(onClose);
  const ready = Boolean(name.trim()) && ((start !== ZIP && start !== GIT) || source !== null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    if (source) {
      onClose();
      onImport(source, name.trim());
      return;
    }
    const more = further.take();
    if (more === null) return;
    create.mutate({
      name: name.trim(),
      sample: start || null,
      additional_languages: [...more],
      ...(start === EMPTY ? { starter: true, language } : {}),
    });
  };
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey))
          event.currentTarget.requestSubmit();
      }}
      className={classes["form"]}
    >
      <div className={classes["left"]}>
        <TextInput
          label={t("name")}
          value={name}
          onChange={(event) => setTypedName(event.currentTarget.value)}
          onFocus={(event) => event.currentTarget.select()}
          error={create.error?.message}
          data-autofocus
        />
        {start === EMPTY ? (
          <Select
            label={t("language")}
            data={languages}
            value={language}
            onChange={(code) => code && setLanguage(code)}
            onKeyDown={takeTyped}
            searchable
            selectFirstOptionOnChange
            allowDeselect={false}
            nothingFoundMessage={t("noLanguage")}
          />
        ) : null}
        {start === EMPTY || sample ? <FurtherLanguages further={further} /> : null}
        <MadeAtOnce start={start} />
      </div>
      <div className={classes["right"]}>
        <h3>{t("startFrom")}</h3>
        <div className={classes["choices"]} role="radiogroup" aria-label={t("startFrom")}>
          <Choice
            chosen={start === EMPTY}
            onChoose={() => setStart(EMPTY)}
            icon={<IconPlus size={20} stroke={1.75} />}
            title={t("emptyTitle")}
            sentence={t("emptySentence")}
          />
          {samples.data?.map((each) => (
            <Choice
              key={each.id}
              chosen={start === each.id}
              onChoose={() => setStart(each.id)}
              icon={<AssistantIcon name={each.icon} />}
              title={each.name}
              sentence={each.description}
            />
          ))}
          <div className={classes["beside"]}>
            <Choice
              chosen={start === ZIP}
              onChoose={() => setStart(ZIP)}
              icon={<IconFileZip size={20} stroke={1.75} />}
              title={t("zipTitle")}
              sentence={start === ZIP && file ? file.name : t("zipSentence")}
            />
            <FileButton
              accept=".zip,application/zip"
              onChange={(chosen) => {
                setFile(chosen);
                setStart(ZIP);
              }}
              inputProps={{ "aria-label": t("zipFile") }}
            >
              {(button) => (
                <Button {...button} variant="default">
                  {t("choose")}
                </Button>
              )}
            </FileButton>
          </div>
          <Choice
            chosen={start === GIT}
            onChoose={() => setStart(GIT)}
            icon={<IconBrandGit size={20} stroke={1.75} />}
            title={t("gitTitle")}
            sentence={t("gitSentence")}
          />
        </div>
        {start === GIT ? <GitFields value={git} onChange={setGit} /> : null}
      </div>
      <div className={classes["foot"]}>
        <span className={classes["grow"]} />
        <Button variant="default" onClick={onClose}>
          {t("common:cancel")}
        </Button>
        <Button
          type="submit"
          loading={create.isPending}
          disabled={!ready}
          rightSection={<kbd>Ctrl Enter</kbd>}
        >
          {t("create")}
        </Button>
      </div>
    </form>
  );
}

/** Makes the assistant, trains it so that it can talk, and goes there. */
function useCreate(onClose: () => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: assistants.create,
    onSuccess: async (assistant) => {
      // Without a version the assistant is there all the same.
      if (assistant.permissions.includes("training.run"))
        await versions.train(assistant.id, { flows: null }).catch(({ message }: Error) => {
          toast.failed(message);
        });
      await client.invalidateQueries({ queryKey: ["assistants"] });
      onClose();
      await navigate({
        to: "/assistants/$assistantId/flows",
        params: { assistantId: assistant.id },
      });
    },
  });
}

/** What is there when the dialog closes. */
function MadeAtOnce({ start }: { start: string }) {
  const { t } = useTranslation("home");
  const lines =
    start === EMPTY
      ? [t("made.greeting"), t("made.flow"), t("made.trained")]
      : start === ZIP || start === GIT
        ? [t("made.project"), t("made.report")]
        : [t("made.sample"), t("made.trained")];
  return (
    <div className={classes["made"]}>
      <p>{t("made.title")}</p>
      <ul>
        {lines.map((line) => (
          <li key={line}>
            <IconCheck size={16} stroke={1.75} aria-hidden="true" />
            {line}
          </li>
        ))}
      </ul>
    </div>
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
