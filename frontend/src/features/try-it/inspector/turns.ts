import { isEdit, type TrackerEvent } from "../tracker";

export interface Turn {
  /** 0 is the start of the conversation, before anything was said. */
  readonly number: number;
  /** How it began: by itself, by a message, or by a slot that was set by hand. */
  readonly kind: "start" | "said" | "edit";
  /** Where it begins in the events of the session, and where the next one does. */
  readonly from: number;
  readonly to: number;
  /** The message or the slot it began with, and its place among the events. */
  readonly opening: TrackerEvent | null;
  readonly begins: number;
  readonly events: readonly TrackerEvent[];
}

function opens(event: TrackerEvent): boolean {
  return event.event === "user" || isEdit(event);
}

/** Payloads by which a chat begins; nobody says them. */
const STARTS = /^\/(session_start|restart)\b/;

/**
 * Cuts the events of a session into turns; what comes before the first message belongs to the first one.
 * `before`: how many turns were left out, so that the others keep their numbers.
 */
export function turnsOf(events: readonly TrackerEvent[], before = 0): Turn[] {
  const places = events.flatMap((event, index) => (opens(event) ? [index] : []));
  if (places.length === 0 && events.length > 0) return [turnOf(events, 0, events.length, 0, 0)];
  const starts = before === 0 && STARTS.test(events[places[0] ?? 0]?.text ?? "");
  const first = starts ? 0 : Math.max(before, 1);
  return places.map((place, order) => {
    const to = places[order + 1] ?? events.length;
    return turnOf(events, order === 0 ? 0 : place, to, place, first + order);
  });
}

function turnOf(
  events: readonly TrackerEvent[],
  from: number,
  to: number,
  begins: number,
  number: number,
): Turn {
  const first = events[begins];
  const opening = first && opens(first) ? first : null;
  const kind = number === 0 ? "start" : opening && isEdit(opening) ? "edit" : "said";
  return { number, kind, from, to, opening, begins, events: events.slice(from, to) };
}

/** The turn to show: the one with this number, else the latest. */
export function turnInView(turns: readonly Turn[], number: number | undefined): Turn | null {
  return turns.find((turn) => turn.number === number) ?? turns.at(-1) ?? null;
}

export function turnAt(turns: readonly Turn[], index: number): Turn | null {
  return turns.find((turn) => index >= turn.from && index < turn.to) ?? null;
}
