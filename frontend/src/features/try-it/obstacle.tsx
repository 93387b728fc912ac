import { Button } from "@mantine/core";
import {
  IconLock,
  IconMoon,
  IconPlugConnectedX,
  IconRefreshAlert,
  IconRocket,
  IconSchool,
  IconTrash,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { usePermission } from "@/api/me";
import { explained } from "@/api/refusals";
import type { Version } from "@/api/types";
import { versions } from "@/api/versions";
import { StateView } from "@/components/feedback/state-views";
import classes from "./chat-panel.module.css";
import type { ConversationState } from "./conversation";
import type { Chat } from "./use-chat";

interface ObstacleProps extends Pick<Chat, "version" | "deleted" | "offer" | "conversation"> {
  assistantId: string;
  status: ConversationState["status"] | null;
}

/** Why one cannot talk right now, and the one thing to do about it. Null when nothing stands in the way. */
export function obstacleOf(props: ObstacleProps): ReactNode {
  const { version, deleted, status } = props;
  if (deleted) return <Deleted number={deleted.number} offer={props.offer} />;
  if (!version) return <NothingTrained />;
  if (version.status === "inactive" && version.train_again)
    return <Older {...props} version={version} />;
  if (version.status === "inactive") return <Asleep {...props} version={version} />;
  if (version.status !== "ready") return <NotReady version={version} />;
  if (status === "forbidden") return <Forbidden {...props} />;
  if (status === "gone" || status === "unknown")
    return <Gone {...props} version={version} end={status} />;
  return undefined;
}

function NothingTrained() {
  const { t } = useTranslation("try-it");
  const navigate = useNavigate();
  return (
    <Centre>
      <StateView
        drawing={<IconSchool size={28} stroke={1.75} />}
        title={t("nothing.title")}
        sentence={t("nothing.sentence")}
        actions={
          <Button
            onClick={() =>
              void navigate({
                to: ".",
                search: (previous) => ({ ...previous, chat: undefined, train: 1 }),
              })
            }
          >
            {t("nothing.button")}
          </Button>
        }
      />
    </Centre>
  );
}

/** The way out that does not need what stands in the way. */
function TalkToNewer({ offer, variant }: Pick<ObstacleProps, "offer"> & { variant?: "default" }) {
  const { t } = useTranslation("try-it");
  if (!offer) return null;
  return (
    <Button {...(variant ? { variant } : {})} onClick={offer.accept}>
      {t("newer.talk", { number: offer.number })}
    </Button>
  );
}

function Deleted({ number, offer }: Pick<ObstacleProps, "offer"> & { number: number }) {
  const { t } = useTranslation("try-it");
  return (
    <Centre>
      <StateView
        alert
        drawing={<IconTrash size={28} stroke={1.75} />}
        title={t("deleted.title", { number })}
        sentence={t("deleted.sentence")}
        actions={<TalkToNewer offer={offer} />}
      />
    </Centre>
  );
}

function Forbidden({ conversation }: ObstacleProps) {
  const { t } = useTranslation("try-it");
  return (
    <Centre>
      <StateView
        drawing={<IconLock size={28} stroke={1.75} />}
        title={t("forbidden.title")}
        sentence={t("forbidden.sentence")}
        actions={
          <Button variant="default" onClick={() => conversation?.reconnect()}>
            {t("forbidden.button")}
          </Button>
        }
      />
    </Centre>
  );
}

interface WakeProps extends ObstacleProps {
  version: Version;
}

const NOTICED_WITHIN = 15;

/** The chat hears of a bot's end before the server does, which until then takes it for awake. */
async function wakeUp(assistantId: string, { id, chat_url: ended }: Version): Promise<Version> {
  let version = await versions.wake(assistantId, id);
  for (let tries = 1; tries < NOTICED_WITHIN; tries += 1) {
    if (version.status !== "ready" || version.chat_url !== ended) break;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    version = await versions.wake(assistantId, id);
  }
  return version;
}

function useWake({ assistantId, version, conversation }: WakeProps) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => wakeUp(assistantId, version),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["versions", assistantId] });
      conversation?.reconnect();
    },
  });
}

/** Why it cannot be woken, and what would have to change; nothing where nothing went wrong. */
function Refusal({ error }: { error: Error | null }) {
  const { t } = useTranslation("common");
  const code = explained(error);
  if (!error) return null;
  return (
    <span className={classes["refusal"]} role="alert">
      {code ? <b>{t(`refused.${code}.title`)}. </b> : null}
      {error.message} {code ? t(`refused.${code}.hint`) : null}
    </span>
  );
}

/** Another release made its model. The rest of it is as it was. */
function Older({ assistantId, version, offer }: WakeProps) {
  const { t } = useTranslation("try-it");
  const client = useQueryClient();
  const mayTrain = usePermission("training.run");
  const train = useMutation({
    mutationFn: () => versions.trainAgain(assistantId, version.id),
    onSuccess: () => client.invalidateQueries({ queryKey: ["versions", assistantId] }),
  });
  return (
    <Centre>
      <StateView
        drawing={<IconRefreshAlert size={28} stroke={1.75} />}
        title={t("older.title", { number: version.number })}
        sentence={
          <>
            {t("older.sentence")}
            <Refusal error={train.error} />
          </>
        }
        actions={
          <>
            {mayTrain ? (
              <Button loading={train.isPending} onClick={() => train.mutate()}>
                {t("older.button")}
              </Button>
            ) : null}
            <TalkToNewer offer={offer} variant="default" />
          </>
        }
      />
    </Centre>
  );
}

/** Asleep, or ended by itself: then the reason is known. */
function Asleep(props: WakeProps) {
  const { t } = useTranslation("try-it");
  const wake = useWake(props);
  const { number, error } = props.version;
  const state = error ? "ended" : "asleep";
  return (
    <Centre>
      <StateView
        alert={error !== null}
        drawing={
          error ? (
            <IconPlugConnectedX size={28} stroke={1.75} />
          ) : (
            <IconMoon size={28} stroke={1.75} />
          )
        }
        title={t(`${state}.title`, { number })}
        sentence={
          <>
            {error ? `${error.message} ` : null}
            {t(`${state}.sentence`)}
            <Refusal error={wake.error} />
          </>
        }
        actions={
          <>
            <Button loading={wake.isPending} onClick={() => wake.mutate()}>
              {t(`${state}.button`)}
            </Button>
            <TalkToNewer offer={props.offer} variant="default" />
          </>
        }
      />
    </Centre>
  );
}

/** The bot ended while someone talked to it: what was said stays in Conversations. */
function Gone({ end, ...props }: WakeProps & { end: "gone" | "unknown" }) {
  const { t } = useTranslation("try-it");
  const wake = useWake(props);
  return (
    <Centre>
      <StateView
        alert
        drawing={<IconPlugConnectedX size={28} stroke={1.75} />}
        title={t(`${end}.title`)}
        sentence={
          <>
            {t(`${end}.sentence`)}
            <Refusal error={wake.error} />
          </>
        }
        actions={
          <>
            <Button loading={wake.isPending} onClick={() => wake.mutate()}>
              {t(`${end}.button`)}
            </Button>
            <TalkToNewer offer={props.offer} variant="default" />
          </>
        }
      />
    </Centre>
  );
}

function NotReady({ version }: { version: Version }) {
  const { t } = useTranslation("try-it");
  const { number, progress } = version;
  return (
    <Centre>
      <StateView
        drawing={<IconRocket size={28} stroke={1.75} />}
        title={t("notReady.title", { number })}
        sentence={t("notReady.sentence", { progress })}
      />
    </Centre>
  );
}

function Centre({ children }: { children: ReactNode }) {
  return <div className={classes["obstacle"]}>{children}</div>;
}
