import { useTranslation } from "react-i18next";
import type { ConversationDetail, ConversationEvent } from "@/api/conversations";
import { humanise } from "@/lib/humanise";
import { formatMoment } from "@/lib/relative-time";
import classes from "./conversation-page.module.css";
import { slotsAt, slotsNow, wordsFor } from "./events";
import { OutcomeBadge } from "./outcome";

interface SessionPanelProps {
  conversation: ConversationDetail;
  events: readonly ConversationEvent[];
  chosen: number | undefined;
}

/** Facts of the session, and the slots as they were at the selected message. */
export function SessionPanel({ conversation, events, chosen }: SessionPanelProps) {
  const { t, i18n } = useTranslation("conversations");
  const moment = (at: string) => formatMoment(new Date(at), new Date(), i18n.language);
  const event = events.find((each) => each.id === chosen);
  const facts: [string, string][] = [
    [t("facts.started"), moment(conversation.started_at)],
    [t("facts.last"), moment(conversation.last_event_at)],
    [t("facts.channel"), humanise(conversation.channel)],
    [t("facts.version"), conversation.version_number?.toString() ?? t("facts.unknownVersion")],
    [t("facts.messages"), String(conversation.message_count)],
    [t("facts.flows"), conversation.flows.map(humanise).join(", ") || t("facts.none")],
  ];
  return (
    <aside className={classes["session"]} aria-label={t("session")}>
      <section>
        <div className={classes["sessionHead"]}>
          <h2 className="small-heading">{t("session")}</h2>
          <OutcomeBadge outcome={conversation.outcome} />
        </div>
        <dl className={classes["sessionFacts"]}>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          <div>
            <dt>{t("facts.sender")}</dt>
            <dd>
              <code>{conversation.sender_id}</code>
            </dd>
          </div>
        </dl>
      </section>
      <Slots conversation={conversation} events={events} event={event} />
      {event ? <Why event={event} /> : <p className={classes["hint"]}>{t("chooseMessage")}</p>}
    </aside>
  );
}

function Slots({
  conversation,
  events,
  event,
}: {
  conversation: ConversationDetail;
  events: readonly ConversationEvent[];
  event: ConversationEvent | undefined;
}) {
  const { t, i18n } = useTranslation("conversations");
  // Of now the server knows all, whatever part of a long conversation is here.
  const { slots, changed } = event ? slotsAt(events, event.id) : slotsNow(conversation.slots);
  const words = { yes: t("yes").toLowerCase(), no: t("no").toLowerCase(), nothing: t("emptied") };
  const time = event ? new Date(event.at).toLocaleTimeString(i18n.language, { hour12: false }) : "";
  return (
    <section>
      <div className={classes["sessionHead"]}>
        <h2 className="small-heading">{t(event ? "atThisMoment" : "atTheEnd")}</h2>
        <small>{time}</small>
      </div>
      {slots.size === 0 ? <p className={classes["hint"]}>{t("noSlots")}</p> : null}
      <div className={classes["slots"]}>
        {[...slots].map(([name, value]) => (
          <div key={name} data-changed={changed.has(name)}>
            <code className={classes["slot"]}>{name}</code>
            <b>{wordsFor(value, words)}</b>
          </div>
        ))}
      </div>
    </section>
  );
}

/** Where an event came from: flow, step and, for what the user said, the commands it became. */
function Why({ event }: { event: ConversationEvent }) {
  const { t } = useTranslation("conversations");
  const parsed = event.data["parse_data"];
  const commands =
    typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? parsed["commands"]
      : null;
  return (
    <section>
      <div className={classes["sessionHead"]}>
        <h2 className="small-heading">{t("why")}</h2>
      </div>
      <dl className={classes["sessionFacts"]}>
        {event.flow_id ? (
          <div>
            <dt>{t("facts.flow")}</dt>
            <dd>{humanise(event.flow_id)}</dd>
          </div>
        ) : null}
        {event.step_id ? (
          <div>
            <dt>{t("facts.step")}</dt>
            <dd>
              <code>{event.step_id}</code>
            </dd>
          </div>
        ) : null}
        {Array.isArray(commands) ? (
          <div>
            <dt>{t("facts.understood")}</dt>
            <dd>
              {commands.length === 0 ? t("facts.nothing") : null}
              {commands.map((command) => (
                <code key={JSON.stringify(command)} className={classes["command"]}>
                  {commandWords(command)}
                </code>
              ))}
            </dd>
          </div>
        ) : null}
      </dl>
    </section>
  );
}

function commandWords(command: unknown): string {
  if (typeof command !== "object" || command === null) return String(command);
  const { command: name, ...rest } = command as Record<string, unknown>;
  const values = Object.entries(rest)
    .filter(([key]) => key !== "extractor")
    .map(([, value]) => (typeof value === "object" ? JSON.stringify(value) : String(value)));
  return [String(name), ...values].join(" ");
}
