import { SegmentedControl } from "@mantine/core";
import { IconCircleCheck, IconListSearch, IconMoon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import type { Version } from "@/api/types";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { PageFrame } from "@/components/layout/page-frame";
import { StateBadge } from "@/components/state-badge";
import { useCommands } from "@/lib/commands/use-commands";
import { type Preferences, setPreference, usePreferences } from "@/lib/preferences";
import { ChatPanel } from "./chat-panel";
import type { Conversation, ConversationState } from "./conversation";
import { turnAt } from "./inspector/turns";
import { useTurns } from "./inspector/use-turns";
import { LanguageSwitch } from "./language-switch";
import { LiveCanvas } from "./live-canvas";
import { obstacleOf } from "./obstacle";
import classes from "./try-it-page.module.css";
import { type Chat, useChat } from "./use-chat";
import { usePlaceTexts } from "./use-place-texts";

const Inspector = lazy(async () => ({
  default: (await import("./inspector/inspector")).Inspector,
}));
const route = getRouteApi("/assistants/$assistantId/try");

/** The chat beside the flow it moves through. */
export function TryItPage() {
  const { t } = useTranslation("try-it");
  const { assistantId } = route.useParams();
  const { version: wanted } = route.useSearch();
  const assistant = useQuery(assistantQuery(assistantId));
  const chat = useChat(assistantId, wanted);
  const level = usePreferences((state) => state.tryItLevel);
  useCommands([
    {
      id: "try-it:level",
      label: t("switchLevel"),
      group: t("chat"),
      keys: ["i"],
      run: () => setPreference("tryItLevel", level === "basic" ? "inspector" : "basic"),
    },
  ]);
  return (
    <PageFrame
      withoutTryIt
      crumbs={[
        {
          label: assistant.data?.name ?? "",
          link: { to: "/assistants/$assistantId/flows", params: { assistantId } },
        },
        { label: t("title") },
      ]}
      status={chat.version ? <VersionBadge version={chat.version} /> : null}
      actions={
        <>
          {chat.conversation && assistant.data ? (
            <LanguageSwitch conversation={chat.conversation} assistant={assistant.data} />
          ) : null}
          <LevelSwitch level={level} />
        </>
      }
    >
      {chat.loading ? (
        <AfterPause>
          <ListSkeleton />
        </AfterPause>
      ) : chat.error ? (
        <ErrorState error={chat.error} onRetry={chat.retry} />
      ) : (
        <TryItWork assistantId={assistantId} chat={chat} level={level} />
      )}
    </PageFrame>
  );
}

interface TryItWorkProps {
  assistantId: string;
  chat: Chat;
  level: Preferences["tryItLevel"];
}

function TryItWork({ assistantId, chat, level }: TryItWorkProps) {
  const { version, offer, conversation, content, documents } = chat;
  const places = usePlaceTexts(assistantId, content, documents);
  const { t } = useTranslation("try-it");
  const state = useConversationState(conversation);
  const { turn: wanted } = route.useSearch();
  const played = useTurns(state, wanted);
  const obstacle = obstacleOf({ ...chat, assistantId, status: state?.status ?? null });
  const inspecting =
    level === "inspector" && version !== null && conversation !== null && state !== null;
  const inspection = inspecting
    ? {
        chosen: (index: number) => played.turn === turnAt(played.turns, index),
        onChoose: (index: number) => played.chooseTurn(turnAt(played.turns, index)),
      }
    : undefined;
  const talk = (
    <div key="chat" className={classes["chat"]} data-side={inspecting ? "left" : "right"}>
      {conversation ? (
        <ChatPanel
          {...{ assistantId, version, offer, content }}
          conversation={conversation}
          places={places}
          inspection={inspection}
          {...(obstacle ? { obstacle } : {})}
        />
      ) : obstacle ? (
        <section className={classes["alone"]} aria-label={t("chat")}>
          {obstacle}
        </section>
      ) : null}
    </div>
  );
  if (!inspecting) {
    return (
      <div className={classes["work"]}>
        <main key="stage" className={classes["stage"]} id="main" tabIndex={-1}>
          <LiveCanvas content={content} documents={documents} tracker={state?.tracker ?? null} />
        </main>
        {talk}
      </div>
    );
  }
  return (
    <div className={classes["work"]}>
      {talk}
      <Suspense key="inspector" fallback={<ListSkeleton />}>
        <Inspector
          {...played}
          {...{ assistantId, version, conversation, state, content, documents, places }}
        />
      </Suspense>
    </div>
  );
}

const never = () => () => undefined;
const nothing = () => null;

/** The state of a conversation that may not exist yet. */
export function useConversationState(conversation: Conversation | null): ConversationState | null {
  return useSyncExternalStore(
    conversation?.store.subscribe ?? never,
    conversation?.store.getState ?? nothing,
  );
}

function VersionBadge({ version }: { version: Version }) {
  const { t } = useTranslation(["try-it", "common", "versions"]);
  const { number, status } = version;
  const ended = status === "inactive" && version.error !== null;
  const older = status === "inactive" && version.train_again;
  const word = older
    ? t("versions:older")
    : ended
      ? t("versions:ended")
      : t(`common:status.${status}`);
  const text = t("versionIs", { number, status: word.toLowerCase() });
  if (status === "ready") {
    return (
      <StateBadge tone="ok" icon={<IconCircleCheck size={14} stroke={1.75} />}>
        {text}
      </StateBadge>
    );
  }
  return (
    <StateBadge
      tone={status === "inactive" && !ended ? "neutral" : "warn"}
      icon={<IconMoon size={14} stroke={1.75} />}
    >
      {text}
    </StateBadge>
  );
}

function LevelSwitch({ level }: { level: Preferences["tryItLevel"] }) {
  const { t } = useTranslation("try-it");
  return (
    <SegmentedControl
      aria-label={t("level")}
      value={level}
      onChange={(chosen) => setPreference("tryItLevel", chosen as typeof level)}
      data={[
        { value: "basic", label: t("basic") },
        {
          value: "inspector",
          label: (
            <>
              <IconListSearch size={16} stroke={1.75} aria-hidden="true" />
              {t("inspector")}
            </>
          ),
        },
      ]}
    />
  );
}
