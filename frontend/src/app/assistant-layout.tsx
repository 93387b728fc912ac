import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconSchool } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi, Outlet, useMatches, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { type LiveMessage, useLiveUpdates } from "@/api/live";
import { PermissionsHere, usePermission } from "@/api/me";
import type { Assistant, Version } from "@/api/types";
import { ASSISTANT_TONES, assistantState } from "@/components/assistant-state";
import { toast } from "@/components/feedback/toast";
import { AroundPage } from "@/components/layout/page-frame";
import { ButtonLink, MenuItemLink } from "@/components/links";
import { StateDot } from "@/components/state-badge";
import { leaveTalk } from "@/features/try-it/talks";
import { announce } from "@/lib/announce";
import { useCommands } from "@/lib/commands/use-commands";
import classes from "./assistant-layout.module.css";
import { Shell } from "./shell";

const route = getRouteApi("/assistants/$assistantId");

const TrainPanel = lazy(async () => ({
  default: (await import("@/features/versions/train-panel")).TrainPanel,
}));
const ChatDock = lazy(async () => ({
  default: (await import("@/features/try-it/chat-dock")).ChatDock,
}));

/** Everything inside one assistant: its shell, live updates, and the two surfaces that open over any page. */
export function AssistantLayout() {
  const { assistantId } = route.useParams();
  const assistant = useSuspenseQuery(assistantQuery(assistantId)).data;
  return (
    <PermissionsHere value={assistant.permissions}>
      <InsideAssistant assistant={assistant} />
    </PermissionsHere>
  );
}

function InsideAssistant({ assistant }: { assistant: Assistant }) {
  const assistantId = assistant.id;
  const search = route.useSearch();
  const setSurface = useSurfaces();
  const chatting = useMatches({
    select: (matches) => matches.some((match) => match.staticData.chat),
  });
  useVersionNews(assistantId, useChatWith(assistantId, chatting));
  useSurfaceCommands(search.chat === 1, chatting, setSurface);
  const trainOpen = search.train === 1;
  const chatOpen = search.chat === 1 && !chatting;
  const around = useMemo(
    () => ({
      tryIt: <TryItButton assistant={assistant} />,
      train: <TrainButton assistantId={assistantId} />,
      side: (
        <Suspense>
          {trainOpen ? (
            <TrainPanel assistantId={assistantId} onClose={() => setSurface("train", false)} />
          ) : null}
          {chatOpen ? (
            <ChatDock assistantId={assistantId} onClose={() => setSurface("chat", false)} />
          ) : null}
        </Suspense>
      ),
    }),
    [assistant, assistantId, trainOpen, chatOpen, setSurface],
  );
  return (
    <AroundPage value={around}>
      <Shell assistant={assistant}>
        <Outlet />
      </Shell>
    </AroundPage>
  );
}

type Surface = "train" | "chat";

function useSurfaces() {
  const navigate = useNavigate();
  return useCallback(
    (surface: Surface, open: boolean) =>
      void navigate({
        to: ".",
        replace: true,
        // The one would lie over the other.
        search: (previous) => ({
          ...previous,
          ...(open ? { train: undefined, chat: undefined } : {}),
          [surface]: open ? 1 : undefined,
        }),
      }),
    [navigate],
  );
}

/** Opens the chat with a version that has just become ready. */
function useChatWith(assistantId: string, chatting: boolean) {
  const navigate = useNavigate();
  const setSurface = useSurfaces();
  return useCallback(
    (version: Version) => {
      leaveTalk(assistantId, version);
      if (!chatting) setSurface("chat", true);
      else void navigate({ to: "/assistants/$assistantId/try", params: { assistantId } });
    },
    [assistantId, chatting, navigate, setSurface],
  );
}

function useSurfaceCommands(
  chatOpen: boolean,
  chatting: boolean,
  setSurface: (surface: Surface, open: boolean) => void,
) {
  const { t } = useTranslation("shell");
  const mayTry = usePermission("assistant.try");
  const group = t("keys.everywhere");
  useCommands(
    [
      ...(mayTry && !chatting
        ? [
            {
              id: "chat",
              label: t("keys.chat"),
              group,
              keys: ["e"],
              run: () => setSurface("chat", !chatOpen),
            },
          ]
        : []),
      { id: "train", label: t("keys.train"), group, run: () => setSurface("train", true) },
    ],
    "shell",
  );
}

/** Says on every page of the assistant when a version is ready or has failed. */
function useVersionNews(assistantId: string, chatWith: (version: Version) => void): void {
  const { t } = useTranslation("shell");
  const onMessage = useCallback(
    (message: LiveMessage) => {
      if (message.type !== "version.changed") return;
      const { number, status } = message.version;
      if (
        status === "ready" &&
        message.version.finished_at &&
        isRecent(message.version.finished_at)
      ) {
        announce(t("ready", { number }));
        const run = () => chatWith(message.version);
        toast.done(t("ready", { number }), { action: { label: t("chat"), run } });
      } else if (status === "failed") {
        toast.failed(t("trainingFailed", { number }));
      }
    },
    [t, chatWith],
  );
  useLiveUpdates(assistantId, onMessage);
}

const RECENT_MS = 60_000;

function isRecent(at: string): boolean {
  return Date.now() - new Date(at).getTime() < RECENT_MS;
}

function TryItButton({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("shell");
  const state = assistantState(assistant);
  const number = (assistant.ready_version ?? assistant.latest_version)?.number;
  const hint = t(`assistantState.${state}`, { number });
  return (
    <ButtonLink
      variant="default"
      to="/assistants/$assistantId/try"
      params={{ assistantId: assistant.id }}
      leftSection={<StateDot tone={ASSISTANT_TONES[state]} />}
      title={hint}
    >
      {t("tryIt")}
      <span className={classes["key"]} aria-hidden="true">
        <kbd>e</kbd>
      </span>
      <span className="visually-hidden">, {hint}</span>
    </ButtonLink>
  );
}

function TrainButton({ assistantId }: { assistantId: string }) {
  const { t } = useTranslation("shell");
  const mayTrain = usePermission("training.run");
  const setSurface = useSurfaces();
  return (
    <Button.Group>
      <Button
        leftSection={<IconSchool size={18} stroke={1.75} />}
        disabled={!mayTrain}
        onClick={() => setSurface("train", true)}
      >
        {t("train")}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button className={classes["trainMore"]} aria-label={t("moreTraining")}>
            <IconChevronDown size={16} stroke={1.75} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuItemLink to="/assistants/$assistantId/versions" params={{ assistantId }}>
            {t("allVersions")}
          </MenuItemLink>
        </Menu.Dropdown>
      </Menu>
    </Button.Group>
  );
}
