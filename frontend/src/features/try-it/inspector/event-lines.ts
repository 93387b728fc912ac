import { type Place, placeOf, type TrackerEvent } from "../tracker";
import type { SlotChange } from "./slot-history";
import type { Turn } from "./turns";

export const LINE_KINDS = ["slot", "flow", "step", "action", "message", "other"] as const;
export type LineKind = (typeof LINE_KINDS)[number];

export interface EventLine {
  /** Place among the events of the session. */
  readonly index: number;
  readonly kind: LineKind;
  readonly event: TrackerEvent;
  readonly change: SlotChange | undefined;
  /** Clockwork of the runtime, left out unless everything is asked for. */
  readonly quiet: boolean;
  /** Of a step: the one after it in the same flow, if the turn went on there. */
  readonly next: Place | null;
  /** Milliseconds after the turn began. */
  readonly after: number;
}

const CLOCKWORK_SLOTS = new Set(["flow_hashes", "session_started_metadata", "requested_slot"]);
const CLOCKWORK_EVENTS = new Set(["user", "user_featurization", "bot_turn_ended"]);

/** The events of a turn as lines to read, in order. Actions of the runtime itself are its clockwork. */
export function linesOf(
  turn: Turn,
  changes: ReadonlyMap<number, SlotChange>,
  isCustom: (action: string) => boolean,
): EventLine[] {
  const runs = (event: TrackerEvent) => event.event === "action" && isCustom(event.name ?? "");
  const began = turn.opening?.timestamp ?? turn.events[0]?.timestamp ?? 0;
  const told = new Set(
    // What is said and run tells where it belongs; the step needs no line of its own.
    turn.events
      .filter((event) => event.event === "bot" || runs(event))
      .map((event) => keyOf(placeOf(event))),
  );
  return turn.events.map((event, offset) => {
    const index = turn.from + offset;
    const change = changes.get(index);
    const kind = kindOf(event);
    const newStep = kind === "step" && !told.has(keyOf(placeOf(event)));
    if (newStep) told.add(keyOf(placeOf(event)));
    return {
      index,
      kind,
      event,
      change,
      quiet: !problemOf(event) && isQuiet(event, runs(event), change, newStep),
      next: newStep ? placeAfter(turn.events.slice(offset), placeOf(event)) : null,
      after: Math.max(0, (event.timestamp - began) * 1000),
    };
  });
}

/** What the author has to know of: a response or an action that is not there. */
export function problemOf(event: TrackerEvent): string | null {
  const problem = event.metadata?.["execution_error_message"];
  return typeof problem === "string" ? problem : null;
}

function isQuiet(
  event: TrackerEvent,
  runs: boolean,
  change: SlotChange | undefined,
  newStep: boolean,
): boolean {
  return event.event === "action" ? !runs : isClockwork(event, change, newStep);
}

function keyOf(place: Place | null): string {
  return place ? `${place.flow} ${place.step}` : "";
}

function placeAfter(events: readonly TrackerEvent[], from: Place | null): Place | null {
  for (const event of events) {
    const place = placeOf(event);
    if (place && place.flow === from?.flow && place.step !== from.step) return place;
  }
  return null;
}

function kindOf({ event }: TrackerEvent): LineKind {
  if (event === "slot") return "slot";
  if (event.startsWith("flow_")) return "flow";
  if (event === "stack") return "step";
  if (event === "action" || event === "action_execution_rejected") return "action";
  return event === "user" || event === "bot" ? "message" : "other";
}

/** Default patterns run around every question; only what the author's own flows do is news. */
function isClockwork(
  event: TrackerEvent,
  change: SlotChange | undefined,
  newStep: boolean,
): boolean {
  if (CLOCKWORK_EVENTS.has(event.event)) return true;
  if (event.event === "slot") return !change || CLOCKWORK_SLOTS.has(change.name);
  if (event.event.startsWith("flow_")) return isClockworkFlow(event);
  if (event.event !== "stack") return false;
  const place = placeOf(event);
  return !newStep || !place || place.step === "END" || place.flow.startsWith("pattern_");
}

/** That a default pattern starts is news, apart from those around every question and every conversation. */
function isClockworkFlow({ event, flow_id: flow }: TrackerEvent): boolean {
  if (!flow?.startsWith("pattern_")) return false;
  return event !== "flow_started" || /^pattern_(collect_information|session_start)$/.test(flow);
}

/** Keeps what fits the kind and the words; without either, only what is no clockwork. */
export function filteredLines(
  lines: readonly EventLine[],
  { kind, words, all }: { kind: LineKind | null; words: string; all: boolean },
): EventLine[] {
  const wanted = words.trim().toLowerCase();
  return lines.filter(
    (line) =>
      (all || !line.quiet) &&
      (kind === null || line.kind === kind) &&
      (wanted === "" || searched(line.event).includes(wanted)),
  );
}

/** Every event carries these; a search that read them would find all or none. */
const CARRIED = new Set([
  "model_id",
  "model_name",
  "assistant_id",
  "session_id",
  "default_language",
]);

function searched(event: TrackerEvent): string {
  const own = (key: string, value: unknown) => (CARRIED.has(key) ? undefined : value);
  return JSON.stringify(event, own).toLowerCase();
}
