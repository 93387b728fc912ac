import {
  type Icon,
  IconAlertCircle,
  IconArrowsSplit2,
  IconBolt,
  IconHourglass,
  IconMessage2,
  IconPoint,
  IconRoute,
  IconVariable,
} from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { CARD_LOOKS } from "@/components/steps/step-kinds";
import { humanise } from "@/lib/humanise";
import { type Place, placeOf, type TrackerEvent } from "../tracker";
import { type EventLine, problemOf } from "./event-lines";
import classes from "./event-rows.module.css";
import { useInspection } from "./inspection";
import shared from "./inspector.module.css";
import { RawText } from "./raw-text";
import type { SlotChange } from "./slot-history";
import type { Turn } from "./turns";
import { useSetterWords } from "./use-setter-words";

interface EventLinesProps {
  turn: Turn;
  lines: readonly EventLine[];
  /** Every event shows its JSON; else the one that is opened. */
  raw: boolean;
}

/** What happened in a turn, in order. */
export function EventLines({ turn, lines, raw }: EventLinesProps) {
  const { t } = useTranslation("inspector");
  const { turns, time, state } = useInspection();
  const last = turn.events.at(-1);
  const waits = turn === turns.at(-1) && state.waitingSince === null && last;
  const span = last ? (last.timestamp - (turn.opening?.timestamp ?? last.timestamp)) * 1000 : 0;
  return (
    <ol className={classes["lines"]}>
      {lines.length === 0 ? <li className={classes["none"]}>{t("noneFound")}</li> : null}
      {lines.map((line) => (
        <EventRow key={line.index} line={line} raw={raw} />
      ))}
      {waits ? (
        <li className={classes["waiting"]}>
          <LineIcon icon={IconHourglass} colour="var(--kind-flow)" />
          <span className={shared["grow"]}>{t("lines.waiting")}</span>
          <span className={classes["after"]}>{t("after", { time: time(Math.max(0, span)) })}</span>
        </li>
      ) : null}
    </ol>
  );
}

function EventRow({ line, raw }: { line: EventLine; raw: boolean }) {
  const { t } = useTranslation("inspector");
  const { places, time } = useInspection();
  const [opened, setOpened] = useState(false);
  const place = placeOf(line.event);
  const open = raw || opened;
  return (
    <li>
      <button
        type="button"
        className={classes["line"]}
        data-kind={line.kind}
        aria-expanded={open}
        onClick={() => setOpened(!opened)}
      >
        <LineWords line={line} />
        <span className={classes["after"]}>{t("after", { time: time(line.after) })}</span>
      </button>
      {open ? (
        <div className={classes["detail"]}>
          {place && place.step !== "END" ? (
            <a href={places(place).address}>{t("lines.openStep")}</a>
          ) : null}
          <RawText>{JSON.stringify(line.event, null, 1)}</RawText>
        </div>
      ) : null}
    </li>
  );
}

function LineWords({ line: { event, kind, change, next } }: { line: EventLine }) {
  switch (kind) {
    case "slot":
      return <SlotWords event={event} change={change} />;
    case "flow":
      return <FlowWords event={event} />;
    case "step":
      return <StepWords event={event} next={next} />;
    case "action":
      return <ActionWords event={event} />;
    case "message":
      return <MessageWords event={event} />;
    default:
      return (
        <Words icon={IconPoint} colour="var(--kind-flow)">
          <code>{event.event}</code> {event.name}
        </Words>
      );
  }
}

function SlotWords({ event, change }: { event: TrackerEvent; change: SlotChange | undefined }) {
  const { say } = useInspection();
  const setter = useSetterWords();
  const after = event.value ?? null;
  return (
    <Words icon={IconVariable} colour="var(--kind-set-slots)">
      <code className={shared["slot"]}>{event.name}</code> {say(change ? change.before : after)} →{" "}
      <b>{say(after)}</b> {change ? <small>{setter(change.by)}</small> : null}
    </Words>
  );
}

const FLOW_EVENTS = [
  "flow_started",
  "flow_completed",
  "flow_cancelled",
  "flow_interrupted",
  "flow_resumed",
] as const;

function FlowWords({ event }: { event: TrackerEvent }) {
  const { t } = useTranslation("inspector");
  const { flowName } = useInspection();
  const known = FLOW_EVENTS.find((each) => each === event.event);
  const flow = event.flow_id ?? "";
  return (
    <Words icon={IconRoute} colour="var(--kind-message)">
      <b>{flowName(flow)}</b> {known ? t(`lines.${known}`) : event.event}{" "}
      {flow.startsWith("pattern_") ? <small>{t("where.system")}</small> : null}
    </Words>
  );
}

function StepWords({ event, next }: { event: TrackerEvent; next: Place | null }) {
  const { t } = useTranslation("inspector");
  const { places, flowName, branchTaken } = useInspection();
  const place = placeOf(event);
  if (!place) {
    return (
      <Words icon={IconArrowsSplit2} colour="var(--kind-flow)">
        <code>{event.event}</code>
      </Words>
    );
  }
  const { step, kind } = places(place);
  const { icon, colour } = CARD_LOOKS[kind];
  const branch = next && branchTaken(place, next);
  return (
    <Words icon={icon} colour={colour}>
      <b>{step}</b>
      {kind === "collect" ? ` ${t("lines.known")}` : null}
      {branch ? (
        <>
          {" "}
          {t("lines.took")} <span className={classes["branch"]}>{branch}</span>
        </>
      ) : null}{" "}
      <small>{flowName(place.flow)}</small>
      <ProblemWords event={event} />
    </Words>
  );
}

function ProblemWords({ event }: { event: TrackerEvent }) {
  const problem = problemOf(event);
  if (!problem) return null;
  return <small className={`${shared["problem"]} ${classes["failed"]}`}>{problem}</small>;
}

function ActionWords({ event }: { event: TrackerEvent }) {
  const { t } = useTranslation("inspector");
  const { time } = useInspection();
  const milliseconds = event.metadata?.["milliseconds"];
  const failed = event.metadata?.["execution_success"] === false;
  if (event.event === "action_execution_rejected" || problemOf(event)) {
    const rejected = event.event === "action_execution_rejected";
    return (
      <Words icon={IconAlertCircle} colour="var(--err)">
        <b>{humanise(event.name ?? "")}</b>{" "}
        {rejected ? t("lines.rejected") : t(failed ? "lines.failed" : "lines.ran")}
        <ProblemWords event={event} />
      </Words>
    );
  }
  return (
    <Words icon={IconBolt} colour="var(--kind-action)">
      <b>{humanise(event.name ?? "")}</b>{" "}
      {typeof milliseconds === "number"
        ? t("lines.ranIn", { time: time(milliseconds) })
        : t("lines.ran")}
    </Words>
  );
}

function MessageWords({ event }: { event: TrackerEvent }) {
  const { t } = useTranslation("inspector");
  const { places } = useInspection();
  const place = placeOf(event);
  const at = place && event.event === "bot" ? places(place) : null;
  const asked = at?.kind === "collect";
  const text = event.text ?? "";
  return (
    <Words
      icon={asked ? CARD_LOOKS.collect.icon : IconMessage2}
      colour={asked ? CARD_LOOKS.collect.colour : "var(--kind-message)"}
    >
      {at ? <b>{at.step}</b> : null}{" "}
      {text ? t(asked ? "lines.asked" : "lines.said", { text }) : t("lines.picture")}
    </Words>
  );
}

function Words({ icon, colour, children }: { icon: Icon; colour: string; children: ReactNode }) {
  return (
    <>
      <LineIcon icon={icon} colour={colour} />
      <span className={classes["words"]}>{children}</span>
    </>
  );
}

function LineIcon({ icon: Picture, colour }: { icon: Icon; colour: string }) {
  return (
    <span className={classes["lineIcon"]} style={{ "--kind": colour }} aria-hidden="true">
      <Picture size={14} stroke={1.75} />
    </span>
  );
}
