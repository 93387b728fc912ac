import { type Json, type JsonObject, sameJson } from "@/flow-core/json";
import { isEdit, type TrackerEvent } from "../tracker";
import type { Turn } from "./turns";

/** Who set a slot; `name` is the action or the step, where it was one of them. */
export interface Setter {
  readonly kind: "message" | "button" | "action" | "step" | "reset" | "hand" | "system";
  readonly name?: string;
}

export interface SlotChange {
  readonly name: string;
  readonly before: Json;
  readonly after: Json;
  readonly by: Setter;
}

export interface SlotRow {
  readonly name: string;
  /** Its value at the end of each turn. */
  readonly values: readonly Json[];
  /** Who changed it in each turn, if somebody did. */
  readonly changes: readonly (SlotChange | undefined)[];
}

const FROM_WORDS = new Set(["LLM", "NLU"]);

function setterOf(event: TrackerEvent, latestAction: string | undefined): Setter {
  const by = event.filled_by;
  if (isEdit(event)) return { kind: "hand" };
  if (event.metadata?.["reset"] === true) return { kind: "reset" };
  if (by && FROM_WORDS.has(by)) return { kind: "message" };
  if (by === "CommandPayloadReader") return { kind: "button" };
  if (by) return { kind: "action", ...(latestAction ? { name: latestAction } : {}) };
  const step = event.metadata?.["step_id"];
  return typeof step === "string" ? { kind: "step", name: step } : { kind: "system" };
}

/** Every change of a slot by the index of its event; setting a slot to what it is changes nothing. */
export function slotChanges(
  events: readonly TrackerEvent[],
  initial: Readonly<JsonObject>,
): Map<number, SlotChange> {
  let values = new Map<string, Json>(Object.entries(initial));
  const changes = new Map<number, SlotChange>();
  let action: string | undefined;
  for (const [index, event] of events.entries()) {
    if (event.event === "user") action = undefined;
    if (event.event === "action" && event.name) action = event.name;
    if (event.event === "restart" || event.event === "reset_slots") {
      values = new Map(Object.entries(initial));
    }
    if (event.event !== "slot" || !event.name) continue;
    const before = values.get(event.name) ?? null;
    const after = event.value ?? null;
    values.set(event.name, after);
    if (!sameJson(before, after)) {
      changes.set(index, { name: event.name, before, after, by: setterOf(event, action) });
    }
  }
  return changes;
}

/** What a turn changed in all; a slot that is at its end as it was at its beginning did not change. */
function netChanges(changes: Iterable<SlotChange>): Map<string, SlotChange> {
  const net = new Map<string, SlotChange>();
  for (const change of changes) {
    const before = (net.get(change.name) ?? change).before;
    if (sameJson(before, change.after)) net.delete(change.name);
    else net.set(change.name, { ...change, before });
  }
  return net;
}

/** One row per slot in `names`: its value at the end of each turn, and what changed it there. */
export function slotRows(
  turns: readonly Turn[],
  changes: ReadonlyMap<number, SlotChange>,
  initial: Readonly<JsonObject>,
  names: readonly string[],
): SlotRow[] {
  const rows = names.map((name) => ({
    name,
    values: [] as Json[],
    changes: [] as (SlotChange | undefined)[],
  }));
  for (const { events, from } of turns) {
    const net = netChanges(events.flatMap((_, offset) => changes.get(from + offset) ?? []));
    for (const { name, values, changes: changed } of rows) {
      const change = net.get(name);
      const before = values.length > 0 ? values.at(-1) : initial[name];
      changed.push(change);
      values.push((change ? change.after : before) ?? null);
    }
  }
  return rows;
}
