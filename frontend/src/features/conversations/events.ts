import type { ConversationEvent } from "@/api/conversations";
import type { Json, JsonObject } from "@/api/types";

const FLOW_EVENTS = [
  "flow_started",
  "flow_completed",
  "flow_interrupted",
  "flow_resumed",
  "flow_cancelled",
] as const;
export type FlowEvent = (typeof FLOW_EVENTS)[number];

export function isFlowEvent(event: string): event is FlowEvent {
  return (FLOW_EVENTS as readonly string[]).includes(event);
}

/** Slots that only the machine writes for itself. */
const OWN_SLOTS = new Set(["flow_hashes", "session_started_metadata"]);
/** System flows that tell a reviewer something when they start; the others are clockwork. */
const TELLING_PATTERNS = [
  "pattern_cannot_handle",
  "pattern_chitchat",
  "pattern_clarification",
  "pattern_code_change",
  "pattern_correction",
  "pattern_human_handoff",
  "pattern_internal_error",
  "pattern_search",
] as const;
export type TellingPattern = (typeof TELLING_PATTERNS)[number];

export function isTellingPattern(flow: string | null): flow is TellingPattern {
  return (TELLING_PATTERNS as readonly (string | null)[]).includes(flow);
}

/** What a reviewer reads: messages, slot changes, flows, errors; not the clockwork around each question. */
export function worthShowing({
  event,
  text,
  name,
  flow_id: flow,
  data,
}: ConversationEvent): boolean {
  if (event === "user") return text !== "/session_start";
  if (event === "bot" || event === "session_started") return true;
  if (event === "slot") return !OWN_SLOTS.has(name ?? "") && !isReset(data);
  if (isFlowEvent(event)) {
    if (!flow?.startsWith("pattern_")) return true;
    return event === "flow_started" && isTellingPattern(flow);
  }
  return event === "action_execution_rejected" || event === "error" || event === "session_ended";
}

/**
 * The events to show, in order. Emptying a slot that was empty is nothing to tell, nor is a session in which
 * nothing happened before the next: Rasa Open Source begins two at once.
 */
export function shownEvents(events: readonly ConversationEvent[]): ConversationEvent[] {
  const filled = new Set<string>();
  const shown = events.filter((event) => {
    if (event.event !== "slot" || event.name === null) return worthShowing(event);
    const wasFilled = filled.has(event.name);
    if (event.value === null) filled.delete(event.name);
    else filled.add(event.name);
    return worthShowing(event) && (event.value !== null || wasFilled);
  });
  const begins = (event?: ConversationEvent) => event?.event === "session_started";
  return shown.filter((event, index) => !(begins(event) && begins(shown[index + 1])));
}

/** Titles of all buttons that were offered, by payload, so that a click reads as what was clicked. */
export function buttonTitles(events: readonly ConversationEvent[]): Map<string, string> {
  return new Map(
    events
      .filter((event) => event.event === "bot")
      .flatMap((event) =>
        buttonsOf(event).map((button) => [button.payload, button.title] as const),
      ),
  );
}

/** The slot went back to its initial value because its flow has ended. */
function isReset(data: JsonObject): boolean {
  const metadata = data["metadata"];
  return (
    typeof metadata === "object" &&
    metadata !== null &&
    !Array.isArray(metadata) &&
    metadata["reset"] === true
  );
}

/** Slots as they are at the end of the conversation. */
export function slotsNow(stored: JsonObject): {
  slots: Map<string, Json>;
  changed: ReadonlySet<string>;
} {
  const filled = Object.entries(stored).filter(
    ([name, value]) => value !== null && !OWN_SLOTS.has(name),
  );
  return { slots: new Map(filled), changed: new Set() };
}

/** Slots as they were right after the event with `id`. */
export function slotsAt(
  events: readonly ConversationEvent[],
  id: number,
): { slots: Map<string, Json>; changed: ReadonlySet<string> } {
  const slots = new Map<string, Json>();
  const changed = new Set<string>();
  for (const event of events) {
    if (event.event === "user") changed.clear();
    if (event.event === "restart" || event.event === "reset_slots") slots.clear();
    if (event.event === "slot" && event.name && !OWN_SLOTS.has(event.name)) {
      if (event.value === null) slots.delete(event.name);
      else slots.set(event.name, event.value);
      changed.add(event.name);
    }
    if (event.id === id) break;
  }
  return { slots, changed };
}

export interface MessageButton {
  title: string;
  payload: string;
}

/** Buttons of a bot event, as the assistant sent them. */
export function buttonsOf(event: ConversationEvent): MessageButton[] {
  const buttons = partOf(event, "buttons");
  return Array.isArray(buttons) ? (buttons as unknown as MessageButton[]) : [];
}

/** Data of a bot event for channels of one's own; null: it has none. */
export function customOf(event: ConversationEvent): Json {
  return partOf(event, "custom");
}

function partOf({ data }: ConversationEvent, part: string): Json {
  const inner = data["data"];
  if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return null;
  return inner[part] ?? null;
}

/** A slot's value in words: yes and no for booleans, plain text, JSON for the rest. */
export function wordsFor(value: Json, words: { yes: string; no: string; nothing: string }): string {
  if (value === null) return words.nothing;
  if (value === true) return words.yes;
  if (value === false) return words.no;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
