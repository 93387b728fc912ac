import {
  IconAlertCircle,
  IconCircleCheck,
  IconCircleX,
  IconInfoCircle,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconRoute,
  IconVariable,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Trans, useTranslation } from "react-i18next";
import type { ConversationEvent } from "@/api/conversations";
import { CustomView } from "@/components/content/custom-view";
import { humanise } from "@/lib/humanise";
import classes from "./conversation-page.module.css";
import {
  buttonsOf,
  customOf,
  type FlowEvent,
  isFlowEvent,
  isTellingPattern,
  wordsFor,
} from "./events";

interface EventLineProps {
  event: ConversationEvent;
  /** Title of the button, when what the user sent is a button's payload. */
  clicked?: string | undefined;
  chosen: boolean;
  onChoose: () => void;
}

/** A message as a bubble; anything else as a banner that says what changed, and when. */
export function EventLine({ event, clicked, chosen, onChoose }: EventLineProps) {
  if (event.event === "user" || event.event === "bot") {
    return <Bubble event={event} clicked={clicked} chosen={chosen} onChoose={onChoose} />;
  }
  if (event.event === "slot")
    return <SlotBanner event={event} chosen={chosen} onChoose={onChoose} />;
  if (isFlowEvent(event.event)) {
    return <FlowBanner event={event} kind={event.event} chosen={chosen} onChoose={onChoose} />;
  }
  return <OtherBanner event={event} chosen={chosen} onChoose={onChoose} />;
}

function Bubble({ event, clicked, chosen, onChoose }: EventLineProps) {
  const { t } = useTranslation("conversations");
  const mine = event.event === "user";
  const buttons = mine ? [] : buttonsOf(event);
  const custom = mine ? null : customOf(event);
  return (
    <>
      <button
        type="button"
        className={classes["bubble"]}
        data-mine={mine}
        data-chosen={chosen}
        onClick={onChoose}
      >
        <span className="visually-hidden">{t(mine ? "userSaid" : "botSaid")}</span>
        {(mine && clicked) || event.text || (custom === null ? t("noText") : null)}
        {custom === null ? null : <CustomView value={custom} />}
      </button>
      {buttons.length > 0 ? (
        <div className={classes["buttons"]}>
          {buttons.map((button) => (
            <span key={`${button.title} ${button.payload}`} title={button.payload}>
              {button.title}
            </span>
          ))}
        </div>
      ) : null}
    </>
  );
}

interface BannerProps {
  tone: "slot" | "flow" | "bad" | "quiet";
  icon: ReactNode;
  event: ConversationEvent;
  chosen: boolean;
  onChoose: () => void;
  children: ReactNode;
}

function Banner({ tone, icon, event, chosen, onChoose, children }: BannerProps) {
  const { i18n } = useTranslation();
  const time = new Date(event.at).toLocaleTimeString(i18n.language, { hour12: false });
  return (
    <button
      type="button"
      className={classes["banner"]}
      data-tone={tone}
      data-chosen={chosen}
      onClick={onChoose}
    >
      {icon}
      <span className={classes["grow"]}>{children}</span>
      <time dateTime={event.at}>{time}</time>
    </button>
  );
}

function SlotBanner(props: EventLineProps) {
  const { t } = useTranslation("conversations");
  const value = wordsFor(props.event.value, {
    yes: t("yes").toLowerCase(),
    no: t("no").toLowerCase(),
    nothing: t("emptied"),
  });
  return (
    <Banner
      {...props}
      tone="slot"
      icon={<IconVariable size={16} stroke={1.75} aria-hidden="true" />}
    >
      <Trans
        t={t}
        i18nKey="slotIs"
        values={{ slot: props.event.name, value }}
        components={{ slot: <code className={classes["slot"]} />, value: <b /> }}
      />
    </Banner>
  );
}

const FLOW_ICONS: Record<FlowEvent, ReactNode> = {
  flow_started: <IconRoute size={16} stroke={1.75} aria-hidden="true" />,
  flow_completed: <IconCircleCheck size={16} stroke={1.75} aria-hidden="true" />,
  flow_interrupted: <IconPlayerPause size={16} stroke={1.75} aria-hidden="true" />,
  flow_resumed: <IconPlayerPlay size={16} stroke={1.75} aria-hidden="true" />,
  flow_cancelled: <IconCircleX size={16} stroke={1.75} aria-hidden="true" />,
};

function FlowBanner({ kind, ...props }: EventLineProps & { kind: FlowEvent }) {
  const { t } = useTranslation("conversations");
  const flow = props.event.flow_id;
  if (isTellingPattern(flow)) {
    const failed = flow === "pattern_internal_error" || flow === "pattern_cannot_handle";
    const icon = <IconInfoCircle size={16} stroke={1.75} aria-hidden="true" />;
    return (
      <Banner {...props} tone={failed ? "bad" : "flow"} icon={icon}>
        {t(`pattern.${flow}`)}
      </Banner>
    );
  }
  const tone = kind === "flow_cancelled" ? "bad" : "flow";
  return (
    <Banner {...props} tone={tone} icon={FLOW_ICONS[kind]}>
      <Trans
        t={t}
        i18nKey={`flow.${kind}`}
        values={{ flow: humanise(flow ?? "") }}
        components={{ flow: <b /> }}
      />
    </Banner>
  );
}

function OtherBanner(props: EventLineProps) {
  const { t } = useTranslation("conversations");
  const { event } = props.event;
  const started = event === "session_started";
  const icon = started ? (
    <IconRefresh size={16} stroke={1.75} aria-hidden="true" />
  ) : (
    <IconAlertCircle size={16} stroke={1.75} aria-hidden="true" />
  );
  return (
    <Banner {...props} tone={started || event === "session_ended" ? "quiet" : "bad"} icon={icon}>
      {t(`other.${event as "session_started"}`, { name: props.event.name })}
    </Banner>
  );
}
