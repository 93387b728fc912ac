import { IconChevronDown, IconChevronRight, IconPencil, IconPlayerPlay } from "@tabler/icons-react";
import { useId, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { StateBadge } from "@/components/state-badge";
import { filteredLines, linesOf } from "./event-lines";
import { EventLines } from "./event-rows";
import { useInspection } from "./inspection";
import classes from "./inspector.module.css";
import { toneOf } from "./latency";
import type { EventFilter } from "./turn-list";
import type { Turn } from "./turns";
import { Understanding } from "./understanding";

interface TurnCardProps {
  turn: Turn;
  chosen: boolean;
  open: boolean;
  filter: EventFilter;
  onChoose: () => void;
}

/** One turn: what was said and how long it took; open, all that came of it. */
export function TurnCard({ turn, chosen, open, filter, onChoose }: TurnCardProps) {
  const { t } = useTranslation("inspector");
  const { changes, isCustom, latency, time } = useInspection();
  const body = useId();
  const lines = useMemo(() => linesOf(turn, changes, isCustom), [turn, changes, isCustom]);
  const shown = useMemo(() => filteredLines(lines, filter), [lines, filter]);
  const title = useTurnTitle(turn);
  const { total } = latency(turn);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const searched = filter.words.trim() !== "";
  return (
    <section className={classes["turn"]} data-chosen={chosen} data-turn={turn.number}>
      <h3>
        <button
          type="button"
          className={classes["turnHead"]}
          data-head={String(turn.number)}
          aria-expanded={open}
          aria-current={chosen}
          aria-controls={body}
          onClick={onChoose}
        >
          <Chevron size={16} stroke={1.75} aria-hidden="true" />
          <TurnMark turn={turn} />
          <span className={classes["turnTitle"]}>{title}</span>
          {searched ? (
            <StateBadge tone="neutral">{t("found", { count: shown.length })}</StateBadge>
          ) : null}
          <StateBadge tone={toneOf(total)}>{time(total)}</StateBadge>
        </button>
      </h3>
      {open ? (
        <div className={classes["turnBody"]} id={body}>
          <Understanding turn={turn} />
          <h4>{t("happened")}</h4>
          <EventLines turn={turn} lines={shown} raw={filter.all} />
        </div>
      ) : null}
    </section>
  );
}

export function TurnMark({ turn }: { turn: Turn }) {
  return (
    <span className={classes["mark"]} aria-hidden="true">
      {turn.kind === "start" ? <IconPlayerPlay size={12} stroke={2} /> : turn.number}
    </span>
  );
}

function useTurnTitle(turn: Turn) {
  const { t } = useTranslation("inspector");
  const { said } = useInspection();
  if (turn.kind === "start") return t("started");
  if (turn.kind === "said") return said.get(turn.begins) ?? turn.opening?.text;
  return (
    <>
      <IconPencil size={14} stroke={1.75} aria-hidden="true" />{" "}
      {t("youSet", { slot: turn.opening?.name })}
    </>
  );
}
