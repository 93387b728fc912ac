import {
  IconBolt,
  IconCheck,
  IconCircleCheck,
  IconCircleX,
  IconDots,
  IconMessage2,
  IconMessageOff,
  IconRoute,
  IconVariable,
  IconX,
} from "@tabler/icons-react";
import { Trans, useTranslation } from "react-i18next";
import { useContent } from "@/components/content/content-context";
import { useResponseName } from "@/components/content/use-response-name";
import { IconButton } from "@/components/icon-button";
import { humanise } from "@/lib/humanise";
import { type Expectation, type LineState, shownValue } from "./talk";
import classes from "./tests.module.css";

interface ExpectationLineProps {
  expects: Expectation;
  /** What the newest run says of it; null before the first. */
  state: LineState | null;
  onEdit: () => void;
  onRemove: () => void;
}

/** One thing that is expected, in words; a click edits it. */
export function ExpectationLine({ expects, state, onEdit, onRemove }: ExpectationLineProps) {
  const { t } = useTranslation("tests");
  const { readOnly } = useContent();
  const Icon = iconOf(expects);
  return (
    <div className={classes["line"]} data-state={state}>
      <button
        type="button"
        className={classes["expect"]}
        disabled={readOnly || expects.kind === "more"}
        onClick={onEdit}
      >
        <Icon size={16} stroke={1.75} aria-hidden="true" />
        <span>
          <Sentence expects={expects} />
        </span>
      </button>
      {readOnly || expects.kind === "more" ? null : (
        <span className={classes["removeLine"]}>
          <IconButton size={24} label={t("removeExpectation")} onClick={onRemove}>
            <IconX size={14} stroke={1.75} />
          </IconButton>
        </span>
      )}
      {state === "held" ? (
        <IconCheck
          className={classes["held"]}
          size={16}
          stroke={1.75}
          role="img"
          aria-label={t("held")}
        />
      ) : state === "notReached" ? (
        <small>{t("notReached")}</small>
      ) : null}
    </div>
  );
}

function iconOf(expects: Expectation) {
  switch (expects.kind) {
    case "flow":
      return {
        flow_started: IconRoute,
        flow_completed: IconCircleCheck,
        flow_cancelled: IconCircleX,
      }[expects.event];
    case "slot":
      return IconVariable;
    case "response":
    case "words":
      return expects.isSaid ? IconMessage2 : IconMessageOff;
    case "action":
      return IconBolt;
    case "more":
      return IconDots;
  }
}

/** "starts Transfer money", "amount is 40", "answers Ask for recipient". */
export function Sentence({ expects }: { expects: Expectation }) {
  const { t } = useTranslation("tests");
  const { sources } = useContent();
  const nameOf = useResponseName();
  const parts = { b: <b />, code: <code className={classes["slot"]} /> };
  const said = (key: Parameters<typeof t>[0], values: Record<string, string>) => (
    <Trans
      t={t}
      i18nKey={key as never}
      values={values}
      components={parts}
      // What a person wrote is text, whatever signs it has.
      shouldUnescape
      tOptions={{ interpolation: { escapeValue: true } }}
    />
  );
  switch (expects.kind) {
    case "flow": {
      const flow =
        sources.flows.find(({ id }) => id === expects.flow)?.name ?? humanise(expects.flow);
      return said(`expects.${expects.event}`, { flow });
    }
    case "slot": {
      const { slot, value, isSet } = expects;
      if (value === undefined)
        return said(isSet ? "expects.slotSet" : "expects.slotNotSet", { slot });
      const shown = shownValue(value);
      return said(isSet ? "expects.slotIs" : "expects.slotIsNot", { slot, value: shown });
    }
    case "response":
      return said(expects.isSaid ? "expects.answers" : "expects.answersNot", {
        response: nameOf(expects.response),
      });
    case "words":
      if (expects.isPattern)
        return said(expects.isSaid ? "expects.matches" : "expects.matchesNot", {
          pattern: expects.text,
        });
      return said(expects.isSaid ? "expects.says" : "expects.saysNot", { text: expects.text });
    case "action":
      return said("expects.runs", { action: humanise(expects.action) });
    case "more":
      return <>{t("moreInFile", { names: expects.name })}</>;
  }
}
