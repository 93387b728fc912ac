import { IconAlertTriangle } from "@tabler/icons-react";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { StateBadge } from "@/components/state-badge";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";
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
}

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
      {matches.length > 0 ? <Matches matches={matches} /> : null}
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

function Matches({ matches }: { matches: readonly FlowMatch[] }) {
  const { t } = useTranslation("inspector");
  const { flowName } = useInspection();
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
          {matches.map(({ flow, score, text }) => (
            <tr key={flow}>
              <td>
                <FlowLink flow={flow}>{flowName(flow)}</FlowLink>
              </td>
              <td className="tabular">
                <span
                  className={classes["score"]}
                  style={{ "--score": score }}
                  aria-hidden="true"
                />
                {score.toFixed(2)}
              </td>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

function matchesOf(parsed: JsonObject): FlowMatch[] {
  return list(parsed["matches"])
    .filter(isObject)
    .map(({ flow, score, text, words }) => ({
      flow: String(flow),
      score: typeof score === "number" ? score : 0,
      text: typeof text === "string" ? text : "",
      words: list(words).map(String),
    }));
}
