import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePermission } from "@/api/me";
import { type Understood, understoodQuery } from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { AnchorLink } from "@/components/links";
import { StateDot } from "@/components/state-badge";
import { useSearchChange } from "@/components/table/filter-bar";
import { readExample } from "@/flow-core/nlu";
import { useCommands } from "@/lib/commands/use-commands";
import { ReadingCard } from "./reading-card";
import side from "./right-column.module.css";
import classes from "./understanding.module.css";
import { useChangeExamples } from "./use-examples";

const route = getRouteApi("/assistants/$assistantId/understanding");
const PAUSE_MS = 150;
const FIELD = "try-sentence";

/** A sentence, and what the newest trained version would make of it, 150 ms after the last key. */
export function TrySentence({ intent }: { intent: string | undefined }) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const mayTry = usePermission("assistant.try");
  const { say } = route.useSearch();
  const set = useSearchChange<{ say?: string | undefined }>();
  const [typed, setTyped] = useState(say ?? "");
  const [text] = useDebouncedValue(typed.trim(), PAUSE_MS);
  const query = useQuery({
    ...understoodQuery(assistantId, text),
    enabled: mayTry && text !== "",
    placeholderData: keepPreviousData,
  });
  useCommands(
    mayTry
      ? [
          {
            id: "understanding:try",
            label: t("try.title"),
            group: t("title"),
            keys: ["s"],
            run: () => document.getElementById(FIELD)?.focus(),
          },
        ]
      : [],
  );
  return (
    <section className={side["try"]} aria-label={t("try.title")}>
      <header>
        <h2 className={side["sideTitle"]}>{t("try.title")}</h2>
        {text !== "" && query.data ? <Asked understood={query.data} /> : null}
      </header>
      <TextInput
        id={FIELD}
        aria-label={t("try.sentence")}
        placeholder={t("try.placeholder")}
        value={typed}
        disabled={!mayTry}
        maxLength={2000}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={() => set({ say: typed.trim() || undefined })}
      />
      <div aria-live="polite" aria-busy={query.isFetching}>
        {text === "" ? (
          <p className={classes["quiet"]}>{t(mayTry ? "try.hint" : "try.notAllowed")}</p>
        ) : query.error ? (
          <p className={classes["quiet"]}>{query.error.message}</p>
        ) : query.data ? (
          <>
            <Result understood={query.data} />
            <AddIt text={text} understood={query.data} intent={intent} />
          </>
        ) : null}
      </div>
    </section>
  );
}

/** Which version answers, and whether it knows what was edited since. */
function Asked({ understood }: { understood: Understood }) {
  const { t } = useTranslation("understanding");
  const { version, edited } = understood;
  if (!version) return null;
  const number = version.number;
  return (
    <small className={side["asked"]} title={edited ? t("try.editedHint", { number }) : undefined}>
      <StateDot tone={edited ? "warn" : "ok"} />
      {t(edited ? "try.editedSince" : "try.version", { number })}
    </small>
  );
}

function Result({ understood }: { understood: Understood }) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const { state, version, reading } = understood;
  if (state === "untrained")
    return (
      <p className={classes["quiet"]}>
        {t("try.untrained")}{" "}
        <AnchorLink
          to="/assistants/$assistantId/versions"
          params={{ assistantId }}
          search={{ train: 1 }}
        >
          {t("try.train")}
        </AnchorLink>
      </p>
    );
  if (!reading)
    return <p className={classes["quiet"]}>{t("try.waking", { number: version?.number ?? "" })}</p>;
  return <ReadingCard reading={reading} />;
}

interface AddItProps {
  text: string;
  understood: Understood;
  intent: string | undefined;
}

/** The closest example, and the sentence as one of the open intent. */
function AddIt({ text, understood, intent }: AddItProps) {
  const { t } = useTranslation("understanding");
  const { assistantId, readOnly } = useContent();
  const { change } = useChangeExamples(assistantId);
  const { closest } = understood;
  const isKnown = closest?.alike === 1 && closest.intent === intent;
  return (
    <div className={side["addIt"]}>
      {closest ? (
        <p className={classes["quiet"]}>
          {t("try.closest")} <b>“{readExample(closest.text).text}”</b>{" "}
          {t("try.ofIntent", { intent: closest.intent, alike: closest.alike.toFixed(2) })}
        </p>
      ) : null}
      {readOnly || intent === undefined || isKnown ? null : (
        <Button
          fullWidth
          variant="light"
          leftSection={<IconPlus size={16} stroke={1.75} />}
          onClick={() =>
            change([{ was: null, becomes: { intent, text } }], t("addedTo", { text, intent }))
          }
        >
          {t("try.add", { intent })}
        </Button>
      )}
    </div>
  );
}
