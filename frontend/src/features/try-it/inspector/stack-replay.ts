import { isObject, type Json, type JsonObject } from "@/flow-core/json";
import type { StackFrame, TrackerEvent } from "../tracker";

/** The dialogue stack after these events of a session, bottom first; null where it cannot be told. */
export function stackAfter(events: readonly TrackerEvent[]): StackFrame[] | null {
  let stack: JsonObject[] = [];
  for (const event of events) {
    if (event.event === "restart" || event.event === "session_started") stack = [];
    if (event.event !== "stack") continue;
    const next = patched(stack, event.update);
    if (!next) return null;
    stack = next;
  }
  return stack as unknown as StackFrame[];
}

function patched(stack: readonly JsonObject[], update: unknown): JsonObject[] | null {
  let operations: unknown;
  try {
    operations = JSON.parse(String(update));
  } catch {
    return null;
  }
  if (!Array.isArray(operations)) return null;
  const next = stack.map((frame) => ({ ...frame }));
  return (operations as Json[]).every((operation) => apply(next, operation)) ? next : null;
}

/** Stacks are lists of flat records: patches name a frame, or one field of it. */
function apply(stack: JsonObject[], operation: Json): boolean {
  if (!isObject(operation)) return false;
  const { op, path, value = null } = operation;
  const [, place = "", field, ...deeper] = String(path).split("/");
  const index = place === "-" ? stack.length : Number(place);
  if (!Number.isInteger(index) || deeper.length > 0) return false;
  if (field !== undefined) return applyToField(stack[index], op, field, value);
  if (op === "remove") return stack.splice(index, 1).length === 1;
  if (!isObject(value) || index > stack.length) return false;
  if (op === "add") stack.splice(index, 0, value);
  else if (op === "replace") stack[index] = value;
  else return false;
  return true;
}

function applyToField(
  frame: JsonObject | undefined,
  op: Json | undefined,
  field: string,
  value: Json,
): boolean {
  if (!frame) return false;
  if (op === "remove") delete frame[field];
  else if (op === "add" || op === "replace") frame[field] = value;
  else return false;
  return true;
}
