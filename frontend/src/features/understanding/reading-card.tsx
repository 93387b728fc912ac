import { IconCircleCheck, IconHelpCircle, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Reading } from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { AnchorLink } from "@/components/links";
import understandingWords from "@/i18n/en/understanding.json";
import side from "./right-column.module.css";
import classes from "./understanding.module.css";

const SURE = 0.8;

type Known = keyof typeof understandingWords.commands;

/** What would be understood, and why: the flow, the words that count, the rivals and how close they are. */
export function ReadingCard({ reading }: { reading: Reading }) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const { flow, slots, entities, reason } = reading;
  const instead = useCommandWords(reading.commands);
  return (
    <div className={side["reading"]}>
      <div className={side["verdict"]}>
        <span className={side["play"]} data-none={flow === null}>
          {flow ? (
            <IconPlayerPlayFilled size={14} aria-hidden="true" />
          ) : (
            <IconHelpCircle size={16} stroke={1.75} aria-hidden="true" />
          )}
        </span>
        <div className={classes["grow"]}>
          <small>{t(flow ? "wouldStart" : "wouldDo")}</small>
          {flow ? (
            <AnchorLink
              to="/assistants/$assistantId/flows/$flowId"
              params={{ assistantId, flowId: flow.flow }}
              className={side["verdictName"] ?? ""}
            >
              {flow.flow_name}
            </AnchorLink>
          ) : (
            <b className={side["verdictName"]}>{instead}</b>
          )}
        </div>
        {flow ? <Certainty reading={reading} /> : null}
      </div>
      <Evidence reading={reading} />
      {slots.length > 0 ? (
        <p className={side["fills"]}>
          {t("fillsSlots")}{" "}
          {slots.map(({ slot, value }) => (
            <span key={slot}>
              <code>{slot}</code>{" "}
              {typeof value === "object" ? JSON.stringify(value) : String(value)}
            </span>
          ))}
        </p>
      ) : null}
      {entities.length > 0 ? (
        <p className={side["fills"]}>
          {t("findsEntities")}{" "}
          {entities.map(({ entity, value, role, start }) => (
            <span key={`${entity} ${start}`}>
              <code data-entity>{[entity, role].filter(Boolean).join(" ")}</code> {String(value)}
            </span>
          ))}
        </p>
      ) : null}
      <Rivals reading={reading} />
      {reason ? <p className={classes["quiet"]}>{t("because", { reason })}</p> : null}
    </div>
  );
}

function useCommandWords(commands: readonly string[]): string {
  const { t } = useTranslation("understanding");
  const told = commands.map((command) =>
    command in understandingWords.commands ? t(`commands.${command as Known}`) : command,
  );
  return told.join(", ") || t("commands.nothing");
}

function Certainty({ reading }: { reading: Reading }) {
  const { t } = useTranslation("understanding");
  const [best] = reading.intents;
  const [match] = reading.flows;
  const score = Math.max(
    match?.flow === reading.flow?.flow ? (match?.score ?? 0) : 0,
    best?.confidence ?? 0,
  );
  if (score === 0) return null;
  return (
    <span className={side["certainty"]} data-sure={score >= SURE}>
      <IconCircleCheck size={14} stroke={1.75} aria-hidden="true" />
      {t(score >= SURE ? "sure" : "notSure")}
    </span>
  );
}

/** The sentence, each word by what it counts: as shade, as weight of its letters, and as a figure. */
function Evidence({ reading }: { reading: Reading }) {
  const { t } = useTranslation("understanding");
  const { text, words } = reading;
  if (words.length === 0) return null;
  const parts: { text: string; weight: number; start: number }[] = [];
  let done = 0;
  for (const { start, end, weight } of words) {
    if (start > done) parts.push({ text: text.slice(done, start), weight: 0, start: done });
    parts.push({ text: text.slice(start, end), weight, start });
    done = end;
  }
  if (done < text.length) parts.push({ text: text.slice(done), weight: 0, start: done });
  return (
    <p className={side["evidence"]}>
      {parts.map(({ text: part, weight, start }) => {
        const level = weight >= 0.3 ? 3 : weight >= 0.1 ? 2 : weight >= 0.03 ? 1 : 0;
        const share = `${Math.round(weight * 100)} %`;
        return level === 0 ? (
          <span key={start}>{part}</span>
        ) : (
          <span key={start} data-level={level} title={t("counts.word", { share })}>
            {part}
            <span className="visually-hidden"> ({share})</span>
          </span>
        );
      })}
    </p>
  );
}

/** The most probable intents, or flows where no intent decides, with the threshold. */
function Rivals({ reading }: { reading: Reading }) {
  const { t } = useTranslation("understanding");
  const { intents, flows, threshold } = reading;
  const rows =
    intents.length > 0
      ? intents.map(({ name, confidence }) => ({ key: name, name, score: confidence, code: true }))
      : flows.map(({ flow, flow_name: name, score }) => ({ key: flow, name, score, code: false }));
  if (rows.length === 0) return null;
  const none = intents.length > 0 ? reading.no_intent : reading.no_flow;
  return (
    <div className={side["rivals"]}>
      <ul>
        {rows.map(({ key, name, score, code }, index) => (
          <li key={key} data-best={index === 0}>
            {code ? <code>{name}</code> : <span>{name}</span>}
            <span className={side["track"]} aria-hidden="true">
              <i style={{ width: `${score * 100}%` }} />
              {threshold ? <b style={{ left: `${threshold * 100}%` }} /> : null}
            </span>
            <span className={classes["number"]}>{score.toFixed(2)}</span>
          </li>
        ))}
      </ul>
      <p className={classes["quiet"]}>
        {threshold ? t("needs", { threshold: threshold.toFixed(2) }) : t("needsNothing")}
        {none === null ? null : (
          <span className={side["noneOfThem"]}>{t("noneOfThem", { share: none.toFixed(2) })}</span>
        )}
      </p>
    </div>
  );
}
