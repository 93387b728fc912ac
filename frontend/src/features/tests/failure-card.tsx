import { Button } from "@mantine/core";
import { IconCheck, IconCircleX, IconPencil } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CaseResult, Failure, Said } from "@/api/tests";
import type { Json } from "@/api/types";
import { useContent } from "@/components/content/content-context";
import { AnchorLink } from "@/components/links";
import { humanise } from "@/lib/humanise";
import { shownValue } from "./talk";
import classes from "./tests.module.css";

interface FailureCardProps {
  result: CaseResult | null;
  failure: Failure;
  /** Of which message, from 1. */
  turn: number;
  alike: number;
  readOnly: boolean;
  onAccept: (all: boolean) => void;
  onEdit: () => void;
}

/** What was expected beside what happened, and the two ways on: accept it, or edit the test. */
export function FailureCard(props: FailureCardProps) {
  const { result, failure, turn, alike, readOnly, onAccept, onEdit } = props;
  const { t } = useTranslation("tests");
  const { assistantId } = useContent();
  const kind = kindOf(failure.assertion);
  const seen = seenIn(result?.transcript ?? [], turn, kind);
  return (
    <section className={classes["failure"]} aria-label={t(`failure.${kind}`)}>
      <header>
        <IconCircleX size={18} stroke={1.75} aria-hidden="true" />
        <b>{t(`failure.${kind}`)}</b>
      </header>
      <div className={classes["sides"]}>
        <div>
          <small>{t("expected")}</small>
          <Expected failure={failure} />
        </div>
        <div>
          <small>{t("whatItDid")}</small>
          {seen.length === 0 ? <p>{t("nothingOfTheKind")}</p> : null}
          {seen.map((line, place) => (
            // A transcript never changes; two lines of it may be the same.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <Seen key={place} line={line} />
          ))}
        </div>
      </div>
      <p className={classes["why"]}>
        <span>{failure.problem}</span>
        <AnchorLink to="/assistants/$assistantId/history" params={{ assistantId }}>
          {t("seeChanges")}
        </AnchorLink>
      </p>
      {readOnly ? null : (
        <footer>
          <Button
            leftSection={<IconCheck size={16} stroke={1.75} />}
            rightSection={<kbd>a</kbd>}
            onClick={() => onAccept(false)}
          >
            {t("accept")}
          </Button>
          {alike > 1 ? (
            <Button variant="default" onClick={() => onAccept(true)}>
              {t("acceptAll", { count: alike })}
            </Button>
          ) : null}
          <Button
            variant="default"
            leftSection={<IconPencil size={16} stroke={1.75} />}
            onClick={onEdit}
          >
            {t("edit")}
          </Button>
        </footer>
      )}
    </section>
  );
}

type Kind = "answer" | "slot" | "flow" | "action" | "other";

function kindOf(assertion: string): Kind {
  if (["utter", "bot", "bot_uttered", "bot_did_not_utter"].includes(assertion)) return "answer";
  if (assertion.startsWith("slot_")) return "slot";
  if (assertion.startsWith("flow_")) return "flow";
  return assertion === "action_executed" ? "action" : "other";
}

/** What of this kind happened after the message; with the first, what was before it. */
function seenIn(transcript: readonly Said[], turn: number, kind: Kind): Said[] {
  const who = { answer: "bot", slot: "slot", flow: "flow", action: "action", other: "bot" }[kind];
  let number = 0;
  return transcript.filter((line) => {
    if (line.who === "user") number += 1;
    const isHere = number === turn || (number === 0 && turn === 1);
    const isPattern = line.who === "flow" && (line.flow_id ?? "").startsWith("pattern_");
    const isEmptied = line.who === "slot" && line.value === null;
    return isHere && line.who === who && !isPattern && !isEmptied;
  });
}

/** As the test has it: words of an answer are shown as one, all else as YAML would say it. */
function Expected({ failure }: { failure: Failure }) {
  const { sources } = useContent();
  const { assertion, expected } = failure;
  const response = assertion === "utter" ? String(expected) : partOf(expected, "utter_name");
  if (response !== null) {
    const text = sources.responses.get(response)?.text;
    return (
      <>
        {text ? <p className={classes["botBubble"]}>{text}</p> : null}
        <code>{response}</code>
      </>
    );
  }
  if (assertion === "bot") return <p className={classes["botBubble"]}>{String(expected)}</p>;
  const matches = partOf(expected, "text_matches");
  return (
    <code>
      {matches ?? (typeof expected === "string" ? expected : JSON.stringify(expected, null, 1))}
    </code>
  );
}

function partOf(expected: Json, name: string): string | null {
  const isMap = typeof expected === "object" && expected !== null && !Array.isArray(expected);
  const part = isMap ? expected[name] : undefined;
  return typeof part === "string" ? part : null;
}

function Seen({ line }: { line: Said }) {
  const { t } = useTranslation("tests");
  if (line.who === "bot")
    return (
      <>
        <p className={classes["botBubble"]}>{line.text}</p>
        {line.response ? <code>{line.response}</code> : null}
      </>
    );
  if (line.who === "slot")
    return (
      <p>
        <code className={classes["slot"]}>{line.name}</code>{" "}
        {t("isValue", { value: shownValue((line.value ?? null) as Json) })}
      </p>
    );
  if (line.who === "flow")
    return (
      <p>{t(`did.${line.event ?? "flow_started"}`, { flow: humanise(line.flow_id ?? "") })}</p>
    );
  return <code>{line.name}</code>;
}
