import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { ErrorState } from "@/components/feedback/state-views";
import { useCommands } from "@/lib/commands/use-commands";
import { ChatPanel } from "./chat-panel";
import { obstacleOf } from "./obstacle";
import { useConversationState } from "./try-it-page";
import classes from "./try-it-page.module.css";
import { useChat } from "./use-chat";
import { usePlaceTexts } from "./use-place-texts";

/** The chat over any page of an assistant; the app opens it with `?chat=1`. */
export function ChatDock({ assistantId, onClose }: { assistantId: string; onClose: () => void }) {
  const { t } = useTranslation("try-it");
  const chat = useChat(assistantId, undefined);
  const { version, offer, conversation, content, documents } = chat;
  const places = usePlaceTexts(assistantId, content, documents);
  const state = useConversationState(conversation);
  const opener = useRef(document.activeElement);
  useEffect(() => {
    const before = opener.current;
    // Closing gives the focus back to what opened it.
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useCommands(
    [
      {
        id: "dock:close",
        label: t("closeChat"),
        group: t("chat"),
        keys: ["Esc"],
        hidden: true,
        inFields: true,
        run: onClose,
      },
    ],
    "part",
  );
  const obstacle = chat.loading
    ? undefined
    : obstacleOf({ ...chat, assistantId, status: state?.status ?? null });
  return (
    <aside className={classes["dock"]} aria-label={t("chat")}>
      {chat.error ? <ErrorState error={chat.error} onRetry={chat.retry} /> : null}
      {conversation ? (
        <ChatPanel
          {...{ assistantId, version, offer, content }}
          conversation={conversation}
          places={places}
          onClose={onClose}
          {...(obstacle ? { obstacle } : {})}
        />
      ) : (
        obstacle
      )}
    </aside>
  );
}
