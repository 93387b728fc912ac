import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CustomView } from "@/components/content/custom-view";
import { StepTile } from "@/components/steps/step-tile";
import { formatDay } from "@/lib/relative-time";
import classes from "./chat-panel.module.css";
import type { ConversationState } from "./conversation";
import { MessageImage } from "./message-image";
import type { ChatMessage, QuickReply } from "./tracker";
import type { PlaceTexts } from "./use-place-texts";

interface ChatMessagesProps {
  messages: readonly ChatMessage[];
  waitingSince: number | null;
  error: string | null;
  status: ConversationState["status"];
  places: PlaceTexts;
  onReply: (reply: QuickReply) => void;
  /** What is shown of an action that failed. */
  failure: (message: ChatMessage) => ReactNode;
  inspection?: ChatInspection | undefined;
  /** The conversation is longer than what is here. */
  shortened: boolean;
}

/** In the inspector a message chooses its turn. */
export interface ChatInspection {
  /** Whether the event at this place belongs to the turn that is shown. */
  chosen: (index: number) => boolean;
  onChoose: (index: number) => void;
}

/** The messages, newest at the bottom, each answer with where it came from and how long it took. */
export function ChatMessages(props: ChatMessagesProps) {
  const { messages, waitingSince, error, status, places, onReply, inspection, shortened } = props;
  const { t, i18n } = useTranslation("try-it");
  const bottom = useRef<HTMLDivElement>(null);
  const count = messages.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new message moves the end into view
  useEffect(() => {
    bottom.current?.scrollIntoView({ block: "end" });
  }, [count, waitingSince, error]);
  const first = messages[0];
  const last = messages.at(-1);
  return (
    <div className={classes["scroller"]}>
      <ol className={classes["messages"]} aria-live="polite" aria-label={t("messages")}>
        {shortened ? <li className={classes["when"]}>{t("shortened")}</li> : null}
        {first ? (
          <li className={classes["when"]}>
            {formatDay(new Date(first.at * 1000), new Date(), i18n.language)}
          </li>
        ) : null}
        {messages.map((message) =>
          message.from === "failure" ? (
            <li key={message.id}>{props.failure(message)}</li>
          ) : (
            <Message key={message.id} message={message} places={places} inspection={inspection} />
          ),
        )}
        {last && last.from === "bot" && last.replies.length > 0 ? (
          <li className={classes["replies"]}>
            {last.replies.map((reply) => (
              <button
                key={reply.title}
                type="button"
                className={classes["reply"]}
                onClick={() => onReply(reply)}
              >
                {reply.title}
              </button>
            ))}
          </li>
        ) : null}
        {waitingSince !== null && status === "open" ? <TypingDots key={waitingSince} /> : null}
      </ol>
      {error ? (
        <p className={classes["error"]} role="alert">
          {error}
        </p>
      ) : null}
      {isInterrupted(status) ? (
        <p className={classes["error"]} role="status">
          {t(`ends.${status}`)}
        </p>
      ) : null}
      <div ref={bottom} />
    </div>
  );
}

/** The line is down, and what was said stays. */
function isInterrupted(
  status: ConversationState["status"],
): status is "lost" | "slow" | "away" | "signedOut" {
  return ["lost", "slow", "away", "signedOut"].includes(status);
}

interface MessageProps {
  message: ChatMessage;
  places: PlaceTexts;
  inspection: ChatInspection | undefined;
}

function Message({ message, places, inspection }: MessageProps) {
  const { t } = useTranslation("try-it");
  const { from, text, image, custom, place, seconds, index } = message;
  const caption = place ? places(place) : null;
  const choosable = inspection && index !== null;
  const words = from === "edit" ? t("handOver", { text }) : text;
  return (
    <>
      <li
        className={classes[from === "edit" ? "byHand" : "bubble"]}
        data-from={from}
        data-chosen={choosable && from !== "bot" ? inspection.chosen(index) : undefined}
      >
        {from === "edit" ? null : <span className="visually-hidden">{t(from)}: </span>}
        {choosable ? (
          <button
            type="button"
            className={classes["choose"]}
            title={t("inspectMessage")}
            aria-pressed={inspection.chosen(index)}
            onClick={() => inspection.onChoose(index)}
          >
            {words}
          </button>
        ) : (
          words
        )}
        {image ? <MessageImage address={image} /> : null}
        {custom === null ? null : <CustomView value={custom} />}
      </li>
      {caption ? (
        <li className={classes["caption"]}>
          <a
            href={caption.address}
            target="_blank"
            rel="noreferrer"
            title={t("openStep")}
            className={classes["where"]}
          >
            <StepTile kind={caption.kind} size={18} />
            <span className={classes["whereText"]}>
              {caption.flow}, {caption.step}
            </span>
          </a>
          {seconds === null ? null : (
            <>
              <span aria-hidden="true">·</span>
              <span className="tabular">
                {t("seconds", { seconds: Math.max(0.1, seconds).toFixed(1) })}
              </span>
            </>
          )}
        </li>
      ) : null}
    </>
  );
}

const QUIET_MS = 300;

/** Three still dots, and only when the answer takes its time. */
function TypingDots() {
  const { t } = useTranslation("try-it");
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return shown ? (
    <li className={classes["bubble"]} data-from="bot" aria-label={t("thinking")}>
      <span className={classes["dots"]}>•••</span>
    </li>
  ) : null;
}
