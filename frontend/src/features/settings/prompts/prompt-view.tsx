import { Button, Switch } from "@mantine/core";
import { IconArrowBackUp, IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { fileQuery } from "@/api/files";
import type { ModelPrompt } from "@/api/prompts";
import { FileText } from "@/components/content/file-text";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { StateBadge } from "@/components/state-badge";
import { useSearchChange } from "@/components/table/filter-bar";
import type { PromptsSearch } from "../address";
import { PromptPreview } from "./prompt-preview";
import classes from "./prompts.module.css";
import { usePromptCommands } from "./use-prompt-commands";

const CodeEditor = lazy(async () => ({
  default: (await import("@/components/code-editor/code-editor")).CodeEditor,
}));
const route = getRouteApi("/assistants/$assistantId/settings/prompts");
const TONES = { default: "neutral", own: "accent", missing: "err", unused: "neutral" } as const;
const NOTHING: never[] = [];

interface PromptViewProps {
  assistantId: string;
  prompt: ModelPrompt;
  mayEdit: boolean;
}

/** One prompt: its words to edit or to read, what it may name, and what it would become. */
export function PromptView({ assistantId, prompt, mayEdit }: PromptViewProps) {
  const { compare } = route.useSearch();
  const { name, state, path } = prompt;
  const isOwn = state === "own";
  const file = useQuery({ ...fileQuery(assistantId, path), enabled: isOwn });
  const own = isOwn ? (file.data?.body ?? null) : null;
  return (
    <>
      <PromptHead assistantId={assistantId} prompt={prompt} own={own} mayEdit={mayEdit} />
      <div className={classes["columns"]}>
        <div className={classes["editors"]} data-two={isOwn && compare === true}>
          {isOwn ? (
            file.error ? (
              <ErrorState error={file.error} onRetry={() => void file.refetch()} />
            ) : file.data ? (
              <div className={classes["editor"]}>
                <FileText
                  assistantId={assistantId}
                  file={file.data}
                  completions={prompt.variables}
                />
              </div>
            ) : (
              <AfterPause>
                <ListSkeleton />
              </AfterPause>
            )
          ) : null}
          {!isOwn || compare ? <Default prompt={prompt} /> : null}
        </div>
        <aside className={classes["side"]}>
          {state === "unused" ? null : (
            <PromptPreview
              assistantId={assistantId}
              name={name}
              text={own ?? prompt.default ?? ""}
            />
          )}
          <Variables names={prompt.variables} />
        </aside>
      </div>
    </>
  );
}

/** Whose words they are, and what can be done about it. `own` is the text of one's own, once it is there. */
function PromptHead({
  assistantId,
  prompt,
  own,
  mayEdit,
}: PromptViewProps & { own: string | null }) {
  const { t } = useTranslation("prompts");
  const { compare } = route.useSearch();
  const set = useSearchChange<PromptsSearch>();
  const { name, state, path } = prompt;
  const commands = usePromptCommands(assistantId, name);
  const attempt = (work: Promise<void>) => void work.catch(toast.refused);
  const isOwn = state === "own";
  return (
    <header className={classes["head"]}>
      <StateBadge tone={TONES[state]}>{t(`state.${state}`)}</StateBadge>
      <p>{t(`stateWhat.${state}`, { path })}</p>
      {isOwn && prompt.default !== null ? (
        <Switch
          label={t("compare")}
          checked={compare === true}
          onChange={(event) => set({ compare: event.currentTarget.checked || undefined })}
        />
      ) : null}
      {isOwn || state === "missing" ? (
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={16} stroke={1.75} />}
          disabled={!mayEdit || (isOwn && own === null)}
          onClick={() => attempt(commands.reset(own, path))}
        >
          {t("reset")}
        </Button>
      ) : null}
      {!isOwn && state !== "unused" ? (
        <Button
          leftSection={<IconPencil size={16} stroke={1.75} />}
          disabled={!mayEdit || prompt.default === null}
          onClick={() => attempt(commands.write(prompt.default ?? ""))}
        >
          {t("write")}
        </Button>
      ) : null}
    </header>
  );
}

function Default({ prompt }: { prompt: ModelPrompt }) {
  const { t } = useTranslation("prompts");
  if (prompt.default === null) return <p className={classes["note"]}>{t("defaultUnknown")}</p>;
  return (
    <div className={classes["editor"]}>
      <small className={classes["editorTitle"]}>{t("default")}</small>
      <Suspense fallback={<ListSkeleton />}>
        <CodeEditor
          label={t("default")}
          path="default.jinja2"
          value={prompt.default}
          findings={NOTHING}
          readOnly={true}
          onChange={() => undefined}
        />
      </Suspense>
    </div>
  );
}

/** What the runtime gives to the template, each in one line. */
function Variables({ names }: { names: readonly string[] }) {
  const { t } = useTranslation("prompts");
  return (
    <section aria-labelledby="prompt-variables">
      <h2 id="prompt-variables" className={classes["label"]}>
        {t("variables.title")}
      </h2>
      <dl className={classes["variables"]}>
        {names.map((name) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>{t(`variables.what.${name as "slots"}`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
