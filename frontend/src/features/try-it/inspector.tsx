import { useTranslation } from "react-i18next";
import { sayValue, useConditionWords } from "@/components/flow-canvas/card-texts";
import type { Json } from "@/flow-core/json";
import classes from "./inspector.module.css";
import { currentSession, placeOf, type Tracker, type TrackerEvent } from "./tracker";

/** Slots nobody sets by hand; the runtime keeps its own books in them. */
const INTERNAL = /^(flow_hashes|session_started_metadata|mocked_datetime|requested_slot)$/;
const QUIET = new Set(["stack", "user_featurization", "bot_turn_ended", "session_started"]);

/** What lies behind the chat: the slots as they are now, and every event in order. */
export function Inspector({ tracker }: { tracker: Tracker | null }) {
  const { t } = useTranslation("try-it");
  const words = useConditionWords();
  const slots = Object.entries(tracker?.slots ?? {}).filter(([name]) => !INTERNAL.test(name));
  const filled = slots.filter(([, value]) => value !== null);
  const events = currentSession(tracker?.events ?? []).filter(
    ({ event, name }) => !QUIET.has(event) && name !== "action_listen" && name !== "flow_hashes",
  );
  return (
    <aside className={classes["inspector"]} aria-label={t("inspector")}>
      <section className={classes["section"]}>
        <h3>{t("slots")}</h3>
        {filled.length === 0 ? <p className={classes["none"]}>{t("noSlots")}</p> : null}
        <table className={classes["slots"]}>
          <tbody>
            {filled.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">
                  <code className={classes["slot"]}>{name}</code>
                </th>
                <td>{sayValue(value, words)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <section className={classes["events"]}>
        <h3>{t("events")}</h3>
        <ol className={classes["list"]}>
          {events.map((event, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: events are only ever added at the end
            <EventLine key={index} event={event} say={(value) => sayValue(value, words)} />
          ))}
        </ol>
      </section>
    </aside>
  );
}

function EventLine({ event, say }: { event: TrackerEvent; say: (value: Json) => string }) {
  const { t } = useTranslation("try-it");
  const place = placeOf(event);
  return (
    <li className={classes["event"]} data-event={event.event}>
      <details>
        <summary>
          <b>{eventName(event.event, t)}</b>{" "}
          <span className={classes["what"]}>{summary(event, say)}</span>
          {place ? (
            <span className={classes["place"]}>{`${place.flow} · ${place.step}`}</span>
          ) : null}
        </summary>
        <pre className={classes["raw"]}>{JSON.stringify(event, null, 1)}</pre>
      </details>
    </li>
  );
}

const NAMED = [
  "user",
  "bot",
  "slot",
  "action",
  "flow_started",
  "flow_completed",
  "flow_cancelled",
  "flow_interrupted",
  "flow_resumed",
] as const;

function eventName(
  event: string,
  t: (key: `eventNames.${(typeof NAMED)[number]}`) => string,
): string {
  const known = NAMED.find((each) => each === event);
  return known ? t(`eventNames.${known}`) : event;
}

function summary(event: TrackerEvent, say: (value: Json) => string): string {
  if (event.event === "slot")
    return `${event.name ?? ""} = ${event.value === null ? "∅" : say(event.value ?? null)}`;
  return event.text ?? event.flow_id ?? event.name ?? "";
}
