import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { StateBadge } from "@/components/state-badge";
import { StepTile } from "@/components/steps/step-tile";
import { LiveCanvas } from "../live-canvas";
import type { StackFrame, Tracker } from "../tracker";
import { useInspection } from "./inspection";
import shared from "./inspector.module.css";
import classes from "./side.module.css";
import { stackAfter } from "./stack-replay";

/** The dialogue stack at the end of the chosen turn, and the flow on it that can be drawn. */
export function WhereTab() {
  const { t } = useTranslation("inspector");
  const { content, documents } = useInspection();
  const tracker = useTrackerOfTurn();
  return (
    <>
      <h2 className="small-heading">{t("where.stack")}</h2>
      {tracker ? (
        <Frames stack={tracker.stack} />
      ) : (
        <p className={classes["hint"]}>{t("where.unknown")}</p>
      )}
      <h2 className={`small-heading ${classes["canvasTitle"]}`}>{t("where.canvas")}</h2>
      <div className={classes["canvas"]}>
        <LiveCanvas small content={content} documents={documents} tracker={tracker} />
      </div>
    </>
  );
}

/** The conversation as it was after the chosen turn; null where its stack cannot be told. */
function useTrackerOfTurn(): Tracker | null {
  const { turns, turn, events, state } = useInspection();
  const { tracker } = state;
  return useMemo(() => {
    if (!tracker || !turn || turn === turns.at(-1)) return tracker;
    if (tracker.turns_before) return null;
    const until = events.slice(0, turn.to);
    const stack = stackAfter(until);
    return stack && { ...tracker, stack, events: until };
  }, [turns, turn, events, tracker]);
}

function Frames({ stack }: { stack: readonly StackFrame[] }) {
  const { t } = useTranslation("inspector");
  if (stack.length === 0) return <p className={classes["hint"]}>{t("where.idle")}</p>;
  return (
    <ol className={classes["frames"]}>
      {stack.toReversed().map((frame, index) => (
        <Frame key={frame.frame_id ?? index} frame={frame} top={index === 0} />
      ))}
    </ol>
  );
}

function Frame({ frame, top }: { frame: StackFrame; top: boolean }) {
  const { t } = useTranslation("inspector");
  const { places, flowName } = useInspection();
  const flow = frame.flow_id ?? "";
  const place = places({ flow, step: frame.step_id ?? "START" });
  const system = flow.startsWith("pattern_");
  return (
    <li data-top={top}>
      <StepTile kind={frame.collect ? "collect" : place.kind} size={24} />
      <span className={shared["grow"]}>
        <a href={place.address} title={t("where.open")}>
          {flowName(flow)}
        </a>
        <small>
          {frame.collect ? t("where.asks", { slot: frame.collect }) : place.step}
          {system ? ` · ${t("where.system")}` : null}
        </small>
      </span>
      <StateBadge tone={top ? "accent" : "neutral"}>
        {t(top ? "where.top" : "where.below")}
      </StateBadge>
    </li>
  );
}
