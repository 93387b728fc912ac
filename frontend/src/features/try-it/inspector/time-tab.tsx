import { useTranslation } from "react-i18next";
import { StateBadge } from "@/components/state-badge";
import { useInspection } from "./inspection";
import shared from "./inspector.module.css";
import { type Latency, median, PARTS, type Part, toneOf } from "./latency";
import side from "./side.module.css";
import classes from "./time-tab.module.css";
import { TurnMark } from "./turn-card";
import type { Turn } from "./turns";

const SHOWN_TURNS = 30;
const COLOURS: Record<Part, string> = {
  understand: "var(--kind-collect)",
  decide: "var(--kind-logic)",
  actions: "var(--kind-action)",
  answer: "var(--kind-message)",
};

/** Where the time of each turn went, and of the chosen one in numbers. */
export function TimeTab() {
  const { t } = useTranslation("inspector");
  const { turns, turn, latency, time } = useInspection();
  const shown = turns
    .filter(({ kind }) => kind !== "start")
    .slice(-SHOWN_TURNS)
    .map((each) => ({ turn: each, spent: latency(each) }));
  const longest = Math.max(...shown.map(({ spent }) => spent.total), 1);
  const middle = median(shown.map(({ spent }) => spent.total));
  return (
    <>
      <div className={side["tools"]}>
        <h2 className={`small-heading ${shared["grow"]}`}>{t("time.title")}</h2>
        {middle === null ? null : (
          <StateBadge tone={toneOf(middle)}>{t("time.median", { time: time(middle) })}</StateBadge>
        )}
      </div>
      {shown.length === 0 ? <p className={side["hint"]}>{t("time.none")}</p> : null}
      {shown.map((each) => (
        <TimeRow key={each.turn.number} {...each} longest={longest} />
      ))}
      <ul className={classes["legend"]}>
        {PARTS.map((part) => (
          <li key={part} style={{ "--kind": COLOURS[part] }}>
            {t(`time.${part}`)}
          </li>
        ))}
      </ul>
      {turn ? <Parts turn={turn} spent={latency(turn)} /> : null}
    </>
  );
}

function TimeRow({ turn, spent, longest }: { turn: Turn; spent: Latency; longest: number }) {
  const { t } = useTranslation("inspector");
  const { turn: chosen, chooseTurn, time } = useInspection();
  const total = time(spent.total);
  return (
    <button
      type="button"
      className={classes["timeRow"]}
      aria-pressed={turn === chosen}
      onClick={() => chooseTurn(turn)}
    >
      <TurnMark turn={turn} />
      <span className="visually-hidden">{t("time.chosen", { number: turn.number })}: </span>
      <span className={classes["bars"]}>
        {PARTS.map((part) => (
          <i
            key={part}
            style={{ width: `${(spent.parts[part] / longest) * 100}%`, background: COLOURS[part] }}
          />
        ))}
      </span>
      <span className={classes["total"]}>{total}</span>
    </button>
  );
}

function Parts({ turn, spent }: { turn: Turn; spent: Latency }) {
  const { t } = useTranslation("inspector");
  const { time } = useInspection();
  const untold =
    turn.kind === "said" && typeof turn.opening?.parse_data?.["milliseconds"] !== "number";
  return (
    <section className={classes["parts"]}>
      <h3>{turn.kind === "start" ? t("started") : t("time.chosen", { number: turn.number })}</h3>
      <dl>
        {PARTS.map((part) => (
          <div key={part}>
            <dt>{t(`time.${part}`)}</dt>
            <dd className="tabular">
              {untold && part === "understand" ? "–" : time(spent.parts[part])}
            </dd>
          </div>
        ))}
        <div>
          <dt>{t("time.total")}</dt>
          <dd className="tabular">{time(spent.total)}</dd>
        </div>
      </dl>
      {untold ? <p className={side["hint"]}>{t("time.noUnderstanding")}</p> : null}
    </section>
  );
}
