import { Button, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconCircleCheck, IconCircleX, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  languageModel,
  type ModelFields,
  type ModelSettings,
  type ModelTried,
} from "@/api/language-model";
import { toast } from "@/components/feedback/toast";
import { StateBadge } from "@/components/state-badge";
import { useCommands } from "@/lib/commands/use-commands";
import classes from "./model.module.css";
import { useModelChange } from "./use-model-change";

const FIELD = "try-model";
const LONGEST = 2000;

interface Tried {
  settings: ModelSettings;
  result: ModelTried;
}

interface ModelTryProps {
  assistantId: string;
  settings: ModelSettings | null;
  mayEdit: boolean;
}

/** A sentence to the model that is set now, trained or not, beside what the one before said. */
export function ModelTry({ assistantId, settings, mayEdit }: ModelTryProps) {
  const { t } = useTranslation("model");
  const [text, setText] = useState(t("try.example"));
  /** The newest last; one for each setting that was tried. */
  const [tries, setTries] = useState<readonly Tried[]>([]);
  const asking = useMutation({
    mutationFn: (asked: ModelSettings) =>
      languageModel.try(assistantId, text.trim()).then((result) => ({ settings: asked, result })),
    onSuccess: (made) => setTries((all) => [...all.filter((one) => differs(one, made)), made]),
  });
  const may = mayEdit && settings !== null && text.trim() !== "";
  const ask = () => {
    if (may && !asking.isPending) asking.mutate(settings);
  };
  useCommands(
    mayEdit
      ? [
          {
            id: "model:try",
            label: t("try.title"),
            group: t("title"),
            keys: ["s"],
            run: () => document.getElementById(FIELD)?.focus(),
          },
        ]
      : [],
  );
  const key = JSON.stringify(settings);
  const isNow = (one: Tried) => JSON.stringify(one.settings) === key;
  const last = tries.findLast(isNow) ?? tries.at(-1);
  const before = tries.findLast((one) => one !== last);
  return (
    <section className={classes["try"]} aria-labelledby="try-model-title">
      <header>
        <h2 className={classes["label"]} id="try-model-title">
          {t("try.title")}
        </h2>
        <small>{t("try.now")}</small>
      </header>
      <form
        className={classes["ask"]}
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <TextInput
          id={FIELD}
          aria-label={t("try.sentence")}
          value={text}
          maxLength={LONGEST}
          readOnly={!mayEdit}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Button
          type="submit"
          disabled={!may}
          loading={asking.isPending}
          leftSection={<IconPlayerPlay size={16} stroke={1.75} />}
        >
          {t("try.submit")}
        </Button>
      </form>
      <div className={classes["result"]} aria-live="polite" aria-busy={asking.isPending}>
        {asking.error ? (
          <Refused sentence={asking.error.message} />
        ) : last && settings ? (
          <Result tried={last.result} before={before?.result} />
        ) : (
          <p className={classes["quiet"]}>{t(settings ? "try.hint" : "try.off")}</p>
        )}
      </div>
      {before && settings ? (
        <GoBack assistantId={assistantId} before={before} now={settings} mayEdit={mayEdit} />
      ) : null}
    </section>
  );
}

const differs = (one: Tried, other: Tried) =>
  JSON.stringify(one.settings) !== JSON.stringify(other.settings);

function Result({ tried, before }: { tried: ModelTried; before: ModelTried | undefined }) {
  const { t, i18n } = useTranslation("model");
  const number = (value: number | undefined) =>
    value === undefined ? "–" : value.toLocaleString(i18n.language);
  if (tried.problem) return <Refused sentence={tried.problem} advice={adviceOf(tried.status)} />;
  return (
    <>
      <div className={classes["answer"]}>
        <header>
          <small>{t("try.answered", { model: tried.model })}</small>
          <StateBadge tone="ok" icon={<IconCircleCheck size={14} stroke={1.75} />}>
            {t("try.ok")}
          </StateBadge>
        </header>
        <p>{tried.answer}</p>
      </div>
      <dl className={classes["figures"]}>
        <div>
          <dt>{t("try.time")}</dt>
          <dd>{t("try.ms", { ms: number(Math.round(tried.milliseconds)) })}</dd>
          {before && !before.problem ? (
            <dd data-small={true}>
              {t("try.was", { ms: number(Math.round(before.milliseconds)) })}
            </dd>
          ) : null}
        </div>
        <div>
          <dt>{t("try.tokens")}</dt>
          <dd>{number(tried.usage.prompt_tokens)}</dd>
          <dd data-small={true}>
            {t("try.out", { tokens: number(tried.usage.completion_tokens) })}
          </dd>
        </div>
      </dl>
    </>
  );
}

const ADVICE = { 401: "key", 403: "key", 404: "model", 429: "limit" } as const;
type Advice = (typeof ADVICE)[keyof typeof ADVICE];

function adviceOf(status: number | null): Advice | undefined {
  return status !== null && status in ADVICE ? ADVICE[status as keyof typeof ADVICE] : undefined;
}

/** The provider's own words, and what to do. */
function Refused({ sentence, advice }: { sentence: string; advice?: Advice | undefined }) {
  const { t } = useTranslation("model");
  return (
    <div className={classes["answer"]} data-failed={true}>
      <StateBadge tone="err" icon={<IconCircleX size={14} stroke={1.75} />}>
        {t("try.failed")}
      </StateBadge>
      <p>{sentence}</p>
      {advice ? <p className={classes["quiet"]}>{t(`try.advice.${advice}`)}</p> : null}
    </div>
  );
}

interface GoBackProps {
  assistantId: string;
  before: Tried;
  now: ModelSettings;
  mayEdit: boolean;
}

/** The setting that was tried before this one, one click away. */
function GoBack({ assistantId, before, now, mayEdit }: GoBackProps) {
  const { t } = useTranslation("model");
  const change = useModelChange(assistantId);
  return (
    <footer className={classes["before"]}>
      <IconArrowBackUp size={16} stroke={1.75} aria-hidden="true" />
      <span>
        {t("try.before")} <b>{before.settings.deployment || before.settings.model}</b>
      </span>
      <Button
        variant="subtle"
        size="compact-sm"
        disabled={!mayEdit}
        onClick={() => void change(differing(before.settings, now), now).catch(toast.refused)}
      >
        {t("try.goBack")}
      </Button>
    </footer>
  );
}

function differing(wanted: ModelSettings, now: ModelSettings): ModelFields {
  const names = Object.keys(wanted) as (keyof ModelSettings)[];
  return Object.fromEntries(
    names.filter((name) => wanted[name] !== now[name]).map((name) => [name, wanted[name]]),
  );
}
