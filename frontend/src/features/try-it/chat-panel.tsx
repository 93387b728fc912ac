import { Button, Menu } from "@mantine/core";
import {
  IconChevronDown,
  IconDownload,
  IconEraser,
  IconMessagePlus,
  IconRefresh,
  IconTestPipe,
  IconUserPlus,
  IconX,
} from "@tabler/icons-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { usePermission } from "@/api/me";
import { tests } from "@/api/tests";
import type { Version, VersionContent } from "@/api/types";
import { useSaveAsTest } from "@/components/content/use-save-as-test";
import { IconButton } from "@/components/icon-button";
import { useCommands } from "@/lib/commands/use-commands";
import { ActionFailure } from "./action-failure";
import { type ChatInspection, ChatMessages } from "./chat-messages";
import classes from "./chat-panel.module.css";
import { Composer } from "./composer";
import { allMessages, type Conversation } from "./conversation";
import { currentSession, isEdit, understandingOf } from "./tracker";
import type { Offer } from "./use-chat";
import type { PlaceTexts } from "./use-place-texts";

interface ChatPanelProps {
  assistantId: string;
  version: Version | null;
  content: VersionContent | undefined;
  offer: Offer | null;
  conversation: Conversation;
  places: PlaceTexts;
  /** Shown instead of the messages: asleep, gone, not allowed. */
  obstacle?: ReactNode;
  onClose?: () => void;
  inspection?: ChatInspection | undefined;
}

/** The chat itself: messages, buttons, the field to write in, and the ways to begin anew. */
export function ChatPanel(props: ChatPanelProps) {
  const { assistantId, version, content } = props;
  const { conversation, places, obstacle, onClose, inspection, offer } = props;
  const { t } = useTranslation(["try-it", "common"]);
  const state = useStore(conversation.store);
  const messages = allMessages(state);
  const { generator, note } = understandingOf(state.tracker?.events ?? []);
  const saveAsTest = useSaveAsTest(assistantId);
  const mayEdit = usePermission("content.edit");
  const { tracker } = state;
  // Of a long conversation the beginning is left out, and a test needs it.
  const isWhole = tracker?.turns_before === undefined;
  const mayBeTest = mayEdit && tracker !== null && messages.some(({ from }) => from === "user");
  const saveTalk = () => {
    if (!tracker || !mayBeTest || !isWhole) return;
    const session = currentSession(tracker.events);
    const note = session.some(isEdit) ? t("notByHand") : undefined;
    void saveAsTest(() => tests.record(assistantId, tracker.events), note);
  };
  const field = useRef<HTMLTextAreaElement>(null);
  const accept = () => {
    offer?.accept();
    field.current?.focus();
  };
  useCommands([
    ...(offer
      ? [
          {
            id: "chat:newer",
            label: t("newer.talk", { number: offer.number }),
            group: t("chat"),
            keys: ["Alt Enter"],
            inFields: true,
            run: accept,
          },
        ]
      : []),
    { id: "chat:test", label: t("saveAsTest"), group: t("chat"), run: saveTalk },
    {
      id: "chat:again",
      label: t("again.title"),
      group: t("chat"),
      keys: ["Ctrl Shift Enter"],
      inFields: true,
      run: conversation.startAgain,
    },
  ]);
  return (
    <section className={classes["chat"]} aria-label={t("chat")}>
      <header className={classes["head"]}>
        <h2 className={`small-heading ${classes["title"]}`}>{t("chat")}</h2>
        <IconButton
          size={28}
          label={isWhole ? t("saveAsTest") : t("tooLongForTest")}
          disabled={!mayBeTest || !isWhole}
          onClick={saveTalk}
        >
          <IconTestPipe size={18} stroke={1.75} />
        </IconButton>
        <IconButton
          size={28}
          label={t("download")}
          disabled={messages.length === 0}
          onClick={() =>
            downloadTranscript(messages.map(({ from, text }) => `${t(from)}: ${text}`))
          }
        >
          <IconDownload size={18} stroke={1.75} />
        </IconButton>
        <ResetMenu conversation={conversation} offer={offer} />
        {onClose ? (
          <IconButton size={28} label={t("common:close")} keyHint="Esc" onClick={onClose}>
            <IconX size={18} stroke={1.75} />
          </IconButton>
        ) : null}
      </header>
      {obstacle ?? (
        <ChatMessages
          messages={messages}
          waitingSince={state.waitingSince}
          error={state.error}
          status={state.status}
          places={places}
          inspection={inspection}
          failure={(message) =>
            version ? (
              <ActionFailure {...{ message, assistantId, version, content, conversation }} />
            ) : null
          }
          shortened={state.tracker?.turns_before !== undefined}
          onReply={(reply) => conversation.say(reply.title, reply.payload)}
        />
      )}
      {(note || generator === "offline") && !inspection ? (
        <p className={classes["generator"]} data-tone={note ? "warn" : undefined} role="status">
          {note ?? t("offline")}
        </p>
      ) : null}
      {offer && !obstacle ? (
        <p className={classes["newer"]}>
          {t("newer.ready", { number: offer.number })}
          <span aria-hidden="true">·</span>
          <button type="button" title="Alt Enter" onClick={accept}>
            {t("newer.button")}
          </button>
        </p>
      ) : null}
      <Composer
        field={field}
        sent={state.sent}
        disabled={obstacle !== undefined}
        replies={messages.at(-1)?.from === "bot" ? (messages.at(-1)?.replies ?? []) : []}
        onSend={(text) => conversation.say(text)}
        onReply={(reply) => conversation.say(reply.title, reply.payload)}
      />
    </section>
  );
}

function ResetMenu({ conversation, offer }: Pick<ChatPanelProps, "conversation" | "offer">) {
  const { t } = useTranslation("try-it");
  const ways = [
    { id: "again", icon: IconMessagePlus, run: conversation.startAgain },
    { id: "newUser", icon: IconUserPlus, run: conversation.changeUser },
    { id: "forget", icon: IconEraser, run: conversation.forget },
  ] as const;
  return (
    <Menu position="bottom-end" width={300}>
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          px={8}
          leftSection={<IconRefresh size={14} stroke={1.75} />}
          rightSection={<IconChevronDown size={14} stroke={1.75} />}
        >
          {t("again.title")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {ways.map(({ id, icon: Icon, run }) => (
          <Menu.Item
            key={id}
            leftSection={<Icon size={18} stroke={1.75} />}
            onClick={run}
            data-way={id}
          >
            <b className={classes["wayTitle"]}>{t(`${id}.title`)}</b>
            <small className={classes["wayHint"]}>
              {id === "again" && offer?.anew
                ? t("newer.again", { number: offer.number })
                : t(`${id}.hint`)}
            </small>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function downloadTranscript(lines: string[]): void {
  const url = URL.createObjectURL(new Blob([`${lines.join("\n")}\n`], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = "conversation.txt";
  link.click();
  URL.revokeObjectURL(url);
}
