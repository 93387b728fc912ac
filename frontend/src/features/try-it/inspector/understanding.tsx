import { IconAlertTriangle } from "@tabler/icons-react";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { StateBadge } from "@/components/state-badge";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";
import { AddExample } from "./add-example";
import { CommandList, FlowLink } from "./command-list";
import { useInspection } from "./inspection";
import classes from "./inspector.module.css";
import { IntentList, isClassic } from "./intent-list";
import { markedWords } from "./marked-words";
import { ModelExchange } from "./model-exchange";
import type { Turn } from "./turns";

interface FlowMatch {
  flow: string;
  score: number;
  text: string;
  words: string[];
  evidence: Sign[];
}

/** What spoke for or against a flow, and how much it counted. */
type Sign = readonly [name: string, weight: number];

/** What the message of a turn was taken for, by whom, and why. */
export function Understanding({ turn }: { turn: Turn }) {
  const { t } = useTranslation("inspector");
  const parsed = turn.opening?.parse_data;
  if (!parsed) return null;
  const commands = list(parsed["commands"]);
  const matches = matchesOf(parsed);
  const note = parsed["note"];
  return (
    <>
      <h4>{t("understood.title")}</h4>
      {typeof note === "string" && note ? (
        <p className={classes["note"]}>
          <IconAlertTriangle size={16} stroke={1.75} aria-hidden="true" />
          <span className={classes["sentence"]}>{note}</span>
        </p>
      ) : null}
      <MarkedText text={turn.opening?.text ?? ""} matches={matches} commands={commands} />
      {isClassic(parsed) ? (
        <IntentList parsed={parsed} />
      ) : (
        <>
          <CommandList commands={commands} />
          <Why parsed={parsed} />
        </>
      )}
      {matches.length > 0 ? <Matches matches={matches} parsed={parsed} /> : null}
      {typeof parsed["generator"] === "string" && turn.opening?.text ? (
        <AddExample text={turn.opening.text} />
      ) : null}
      <ModelExchange parsed={parsed} />
    </>
  );
}

function Why({ parsed }: { parsed: JsonObject }) {
  const { t } = useTranslation("inspector");
  const { generator, model, reason } = parsed;
  if (typeof generator !== "string") {
    return <p className={classes["why"]}>{t("understood.direct")}</p>;
  }
  let name: ReactNode = generator;
  if (generator === "offline") name = t("understood.offline");
  if (generator === "llm") name = typeof model === "string" ? model : t("understood.llm");
  return (
    <p className={classes["why"]}>
      <span {...(generator === "offline" ? { title: t("understood.offlineHint") } : {})}>
        <StateBadge tone="neutral">{name}</StateBadge>
      </span>
      {typeof reason === "string" ? reason : null}
    </p>
  );
}

/** The text with the words by which its flow was found; nothing where none was started or no words are known. */
function MarkedText({
  text,
  matches,
  commands,
}: {
  text: string;
  matches: readonly FlowMatch[];
  commands: readonly Json[];
}) {
  const pieces = useMemo(() => {
    const started = commands.filter(isObject).map(({ flow }) => flow);
    const match = matches.find(({ flow }) => started.includes(flow));
    return markedWords(text, match?.words ?? []);
  }, [text, matches, commands]);
  if (!pieces.some(({ marked }) => marked)) return null;
  return (
    <p className={classes["marked"]}>
      {pieces.map((piece, index) =>
        piece.marked ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in order
          <mark key={index}>{piece.text}</mark>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}

/** The flows that were compared, with what decided, and where a designer can change it. */
function Matches({ matches, parsed }: { matches: readonly FlowMatch[]; parsed: JsonObject }) {
  const { t } = useTranslation("inspector");
  const { flowName } = useInspection();
  const none = parsed["no_flow"];
  const first = matches[0];
  const rival = Math.max(matches[1]?.score ?? 0, typeof none === "number" ? none : 0);
  return (
    <details className={classes["fold"]}>
      <summary>{t("understood.matches")}</summary>
      <table className={classes["matches"]}>
        <thead>
          <tr>
            <th>{t("understood.flow")}</th>
            <th>{t("understood.score")}</th>
            <th>{t("understood.text")}</th>
          </tr>
        </thead>
        <tbody>
          {matches.map(({ flow, score, text, evidence }) => (
            <tr key={flow}>
              <td>
                <FlowLink flow={flow}>{flowName(flow)}</FlowLink>
              </td>
              <Score score={score} />
              <td>
                {text}
                <Signs signs={evidence} />
              </td>
            </tr>
          ))}
          {typeof none === "number" ? (
            <tr>
              <td>{t("understood.noFlow")}</td>
              <Score score={none} />
              <td>
                <Signs signs={signsOf(parsed["no_flow_evidence"])} />
              </td>
            </tr>
          ) : null}
        </tbody>
      </table>
      {first ? (
        <p className={classes["why"]}>
          {t(first.score >= rival ? "understood.ahead" : "understood.behind", {
            points: Math.round(Math.abs(first.score - rival) * 100),
          })}{" "}
          <FlowLink flow={first.flow}>{t("understood.mend")}</FlowLink>
        </p>
      ) : null}
      <Embeddings parsed={parsed} />
    </details>
  );
}

function Score({ score }: { score: number }) {
  return (
    <td className="tabular">
      <span className={classes["score"]} style={{ "--score": score }} aria-hidden="true" />
      {score.toFixed(2)}
    </td>
  );
}

function Signs({ signs }: { signs: readonly Sign[] }) {
  if (signs.length === 0) return null;
  return (
    <ul className={classes["signs"]}>
      {signs.map(([name, weight]) => (
        <li key={name}>
          {name} <span className="tabular">{`${weight > 0 ? "+" : "−"}${Math.abs(weight)}`}</span>
        </li>
      ))}
    </ul>
  );
}

/** Whether sentence embeddings were compared as well as words; if not, why. */
function Embeddings({ parsed }: { parsed: JsonObject }) {
  const { t } = useTranslation("inspector");
  const about = parsed["embeddings"];
  if (!isObject(about)) return null;
  const reason = typeof about["reason"] === "string" ? about["reason"] : "";
  return (
    <p className={classes["why"]}>
      {about["used"] === true ? t("understood.embedded") : t("understood.lexical", { reason })}
    </p>
  );
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function matchesOf(parsed: JsonObject): FlowMatch[] {
  return list(parsed["matches"])
    .filter(isObject)
    .map(({ flow, score, text, words, evidence }) => ({
      flow: String(flow),
      score: typeof score === "number" ? score : 0,
      text: typeof text === "string" ? text : "",
      words: list(words).map(String),
      evidence: signsOf(evidence),
    }));
}

function signsOf(value: Json | undefined): Sign[] {
  return list(value).flatMap((sign) => {
    const [name, weight] = list(sign);
    return typeof name === "string" && typeof weight === "number" ? [[name, weight] as const] : [];
  });
}
