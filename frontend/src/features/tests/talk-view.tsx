import { Button, Textarea } from "@mantine/core";
import { IconDots, IconPlus, IconTrash } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CaseResult } from "@/api/tests";
import type { JsonObject } from "@/api/types";
import { useContent } from "@/components/content/content-context";
import { IconButton } from "@/components/icon-button";
import { AnchorLink } from "@/components/links";
import { ExpectationForm } from "./expectation-form";
import { ExpectationLine } from "./expectation-line";
import { FailureCard } from "./failure-card";
import {
  type Expectation,
  type Line,
  moreOf,
  type Pointer,
  stateOf,
  type Turn,
  turnsOf,
  withExpectation,
  withLine,
  withoutTurn,
  withTurn,
  withUser,
} from "./talk";
import classes from "./tests.module.css";

/** What is being edited: words, one expectation, or a new one of either. */
type Editing =
  | { what: "user"; step: number }
  | { what: "line"; at: Pointer }
  | { what: "expect"; step: number }
  | { what: "say" }
  | null;

interface TalkViewProps {
  body: JsonObject;
  change: (body: JsonObject) => void;
  result: CaseResult | null;
  /** Where the failure of the newest run stands; null where there is none, or the test was changed since. */
  failedAt: Pointer | null;
  /** How many tests failed in the same way, this one included. */
  alike: number;
  onAccept: (all: boolean) => void;
}

/** A test as a talk: what they say right, under it what is expected; a click edits in place. */
export function TalkView(props: TalkViewProps) {
  const { body, change, result, failedAt, alike, onAccept } = props;
  const { t } = useTranslation("tests");
  const { readOnly } = useContent();
  const turns = turnsOf(body);
  const first = turns[0];
  const isBare = turns.length === 1 && first !== undefined && first.lines.length === 0;
  const [editing, setEditing] = useState<Editing>(
    isBare && !readOnly && first.step !== null ? { what: "expect", step: first.step } : null,
  );
  const more = moreOf(body);
  const lastStep = turns.at(-1)?.step ?? null;
  const failure = result?.failure ?? null;
  return (
    <>
      {failure && !failedAt ? (
        <p className={classes["problem"]} role="status">
          {t("changedSince", { problem: failure.problem })}
        </p>
      ) : null}
      {more.length > 0 ? <MoreInFile names={more} /> : null}
      <ol className={classes["turns"]}>
        {turns.map((turn, index) => (
          <TurnView
            key={turn.step ?? "before"}
            {...props}
            number={index + 1}
            turn={turn}
            editing={editing}
            setEditing={setEditing}
            onFail={
              failure && failedAt ? (
                <FailureCard
                  result={result}
                  failure={failure}
                  turn={turnNumber(turns, failedAt)}
                  alike={alike}
                  readOnly={readOnly}
                  onAccept={onAccept}
                  onEdit={() => setEditing({ what: "line", at: failedAt })}
                />
              ) : null
            }
          />
        ))}
      </ol>
      {readOnly ? null : editing?.what === "say" ? (
        <div className={classes["say"]}>
          <SayField
            label={t("theySay")}
            value=""
            onDone={(said) => {
              const next = said ? withTurn(body, said) : null;
              if (next) change(next);
              setEditing(next ? { what: "expect", step: stepCount(next) - 1 } : null);
            }}
          />
        </div>
      ) : (
        <div className={classes["adds"]}>
          <Add label={t("theySay")} onClick={() => setEditing({ what: "say" })} />
          {lastStep === null ? null : (
            <Add
              label={t("expect")}
              onClick={() => setEditing({ what: "expect", step: lastStep })}
            />
          )}
        </div>
      )}
    </>
  );
}

const stepCount = (body: JsonObject): number =>
  Array.isArray(body["steps"]) ? body["steps"].length : 0;

/** Of the turn that a place is in, from 1; as the run counts messages. */
function turnNumber(turns: readonly Turn[], at: Pointer): number {
  return turns.filter(({ step }) => step !== null && step <= at.step).length;
}

function Add({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconPlus size={14} stroke={1.75} />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

function MoreInFile({ names }: { names: readonly string[] }) {
  const { t } = useTranslation("tests");
  return (
    <p className={classes["more"]}>
      <IconDots size={16} stroke={1.75} aria-hidden="true" />
      <span>{t("moreInFile", { names: names.join(", ") })}</span>
      <AnchorLink to="." search={(previous) => ({ ...previous, as: "yaml" as const })}>
        {t("form.yaml")}
      </AnchorLink>
    </p>
  );
}

interface TurnViewProps extends TalkViewProps {
  number: number;
  turn: Turn;
  editing: Editing;
  setEditing: (editing: Editing) => void;
  onFail: ReactNode;
}

function TurnView(props: TurnViewProps) {
  const { body, change, result, failedAt, number, turn, editing, setEditing, onFail } = props;
  const { t } = useTranslation("tests");
  const { readOnly } = useContent();
  const { step } = turn;
  const stateAt = (at: Pointer) => (result ? stateOf(at, result.passed, failedAt) : null);
  const reached =
    !failedAt || step === null || step <= failedAt.step || result === null || result.passed;
  const failing = turn.lines.filter(({ at }) => stateAt(at) === "failed");
  const isOpen = (at: Pointer) =>
    editing?.what === "line" &&
    editing.at.step === at.step &&
    editing.at.assertion === at.assertion &&
    (editing.at.entry ?? 0) === (at.entry ?? 0);
  const save = (line: Line) => (expects: Expectation | null) => {
    change(withLine(body, line.at, expects));
    setEditing(expects && step !== null ? { what: "expect", step } : null);
  };
  return (
    <li className={classes["turn"]} data-failed={failing.length > 0} data-reached={reached}>
      {step === null ? null : (
        <div className={classes["said"]}>
          <span className={classes["number"]}>{number}</span>
          <span className={classes["who"]}>{t("theySay")}</span>
          {readOnly ? null : (
            <span className={classes["removeTurn"]}>
              <IconButton
                size={28}
                label={t("removeTurn", { said: turn.user })}
                onClick={() => change(withoutTurn(body, step))}
              >
                <IconTrash size={16} stroke={1.75} />
              </IconButton>
            </span>
          )}
          {editing?.what === "user" && editing.step === step ? (
            <SayField
              label={t("theySay")}
              value={turn.user}
              onDone={(said) => {
                if (said) change(withUser(body, step, said));
                setEditing(said ? { what: "expect", step } : null);
              }}
            />
          ) : (
            <button
              type="button"
              className={classes["bubble"]}
              data-reached={reached}
              disabled={readOnly}
              dir="auto"
              onClick={() => setEditing({ what: "user", step })}
            >
              {turn.user || t("nothingSaid")}
            </button>
          )}
        </div>
      )}
      <div className={classes["expects"]}>
        {turn.more.length > 0 ? <MoreInFile names={turn.more} /> : null}
        <ul>
          {turn.lines.map((line) => {
            const key = `${line.at.step} ${line.at.assertion} ${line.at.entry}`;
            if (isOpen(line.at))
              return (
                <li key={key}>
                  <ExpectationForm
                    value={line.expects}
                    onDone={save(line)}
                    onCancel={() => setEditing(null)}
                  />
                </li>
              );
            const card = line === failing[0] ? onFail : null;
            return (
              <li key={key}>
                <ExpectationLine
                  expects={line.expects}
                  state={stateAt(line.at)}
                  onEdit={() => setEditing({ what: "line", at: line.at })}
                  onRemove={() => change(withLine(body, line.at, null))}
                />
                {card}
              </li>
            );
          })}
          {editing?.what === "expect" && editing.step === step && step !== null ? (
            <li>
              <ExpectationForm
                // Enter adds the next: a form of its own for each.
                key={turn.lines.length}
                value={null}
                onDone={(expects) => {
                  if (expects) change(withExpectation(body, step, expects));
                  const moved = expects ? withExpectation(body, step, expects) : body;
                  setEditing({ what: "expect", step: sameTurn(body, moved, step) });
                }}
                onCancel={() => setEditing(null)}
              />
            </li>
          ) : null}
        </ul>
      </div>
    </li>
  );
}

/** The step that begins the same turn after an edit that may have moved it. */
function sameTurn(before: JsonObject, after: JsonObject, step: number): number {
  const place = turnsOf(before).filter((turn) => turn.step !== null && turn.step < step).length;
  return turnsOf(after).filter((turn) => turn.step !== null)[place]?.step ?? step;
}

interface SayFieldProps {
  label: string;
  value: string;
  /** Enter, or leaving the field; empty: nothing is said. */
  onDone: (said: string) => void;
}

function SayField({ label, value, onDone }: SayFieldProps) {
  const [said, setSaid] = useState(value);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      onDone("");
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      onDone(said.trim());
    }
  };
  return (
    <Textarea
      className={classes["sayField"] ?? ""}
      aria-label={label}
      autosize
      minRows={1}
      autoFocus
      value={said}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setSaid(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onBlur={() => onDone(said.trim() === value ? "" : said.trim())}
    />
  );
}
