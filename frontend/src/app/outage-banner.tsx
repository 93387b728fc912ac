import { Button, Popover } from "@mantine/core";
import { IconChevronDown, IconPlugConnectedX, IconRefresh } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Outage, tryNow, useOutage } from "@/api/outage";
import { type EditedKind, type Held, useWaiting } from "@/components/content/saving";
import { useItemName } from "@/components/content/use-item-name";
import { formatClock } from "@/lib/relative-time";
import classes from "./outage-banner.module.css";

const STAY_MS = 2000;

/** One line over the page while the server is away: what waits, and when it is asked again. Nothing else stops. */
export function OutageBanner() {
  const { t } = useTranslation("shell");
  const outage = useOutage((state) => state.outage);
  const back = useBack(outage);
  if (outage) return <Away outage={outage} />;
  if (!back) return null;
  return (
    <div className={classes["banner"]} data-back role="status">
      <b>{t("outage.back")}</b>
      {back}
    </div>
  );
}

/** For a moment after an outage: what became of the changes that waited. */
function useBack(outage: Outage | null): string | null {
  const { t, i18n } = useTranslation("shell");
  const waiting = useWaiting().length;
  const [ended, setEnded] = useState(false);
  const wasOut = useRef(false);
  useEffect(() => {
    if (outage) wasOut.current = true;
    else if (wasOut.current) {
      wasOut.current = false;
      setEnded(true);
    }
  }, [outage]);
  const done = ended && waiting === 0;
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setEnded(false), STAY_MS);
    return () => clearTimeout(timer);
  }, [done]);
  if (!ended) return null;
  if (waiting > 0) return t("outage.waits", { count: waiting });
  return t("outage.saved", { time: formatClock(new Date(), i18n.language) });
}

function Away({ outage }: { outage: Outage }) {
  const { t } = useTranslation("shell");
  const waiting = useWaiting();
  return (
    <div className={classes["banner"]}>
      <IconPlugConnectedX size={18} stroke={1.75} aria-hidden="true" />
      <span role="status" className={classes["words"]}>
        <b>{t("outage.title")}</b> {t("outage.sentence")}{" "}
        {waiting.length > 0 ? (
          <>
            {t("outage.keepWorking")} {t("outage.waits", { count: waiting.length })}
          </>
        ) : null}
      </span>
      {waiting.length > 0 ? <Waiting held={waiting} since={outage.since} /> : null}
      <Countdown until={outage.nextTry} />
      <Button
        variant="default"
        size="xs"
        leftSection={<IconRefresh size={16} stroke={1.75} />}
        onClick={() => void tryNow()}
      >
        {t("outage.retry")}
      </Button>
    </div>
  );
}

function Waiting({ held, since }: { held: readonly Held[]; since: number }) {
  const { t, i18n } = useTranslation("shell");
  const time = formatClock(new Date(since), i18n.language);
  const [opened, setOpened] = useState(false);
  return (
    <Popover position="bottom-end" width={340} opened={opened} onChange={setOpened}>
      <Popover.Target>
        <Button
          onClick={() => setOpened(!opened)}
          onKeyDown={(event) => {
            if (event.key !== "Escape" || !opened) return;
            event.stopPropagation(); // it closes this, and not the panel behind it, too
            setOpened(false);
          }}
          variant="default"
          size="xs"
          rightSection={<IconChevronDown size={16} stroke={1.75} />}
        >
          {t("outage.waiting", { count: held.length })}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={classes["title"]}>{t("outage.since", { time })}</p>
        <ul className={classes["list"]}>
          {held.map((each) => (
            <WaitingItem key={`${each.assistantId} ${each.kind} ${each.id}`} held={each} />
          ))}
        </ul>
        <p className={classes["quiet"]}>{t("outage.kept")}</p>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Kinds of items as routes and as the history name them. */
const KIND_NAMES: Record<EditedKind, string> = {
  flows: "flow",
  "system-flows": "system_flow",
  responses: "response",
  slots: "slot",
  actions: "action",
  files: "file",
  tests: "file",
  "word-lists": "nlu",
};

function WaitingItem({ held }: { held: Held }) {
  const { t } = useTranslation("shell");
  const nameOf = useItemName(held.assistantId);
  const { kind, id } = held;
  if (kind !== "translations") return <li>{nameOf(KIND_NAMES[kind], id)}</li>;
  const [, item = "", key = ""] = /^\S+ (\w+)\/(.*)#/.exec(id) ?? [];
  return <li>{t("outage.translation", { name: nameOf(item, key) })}</li>;
}

/** Read by the eye only: a screen reader hears of the outage once. */
function Countdown({ until }: { until: number }) {
  const { t } = useTranslation("shell");
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.ceil((until - now) / 1000);
  return (
    <span className={classes["next"]} aria-hidden="true">
      {seconds > 0 ? t("outage.next", { count: seconds }) : t("outage.trying")}
    </span>
  );
}
