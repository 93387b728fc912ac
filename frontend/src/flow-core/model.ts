import type { Json, JsonObject } from "./json";

/** Names a step for as long as the document is open, whatever is inserted before it. */
export type StepKey = string;

/** A flow as the editor holds it: immutable, and written back without touching what nobody changed. */
export interface FlowDocument {
  readonly flowId: string;
  /** Every key of the flow but `steps`: name, description, if … and keys unknown to us. */
  readonly header: JsonObject;
  readonly order: readonly string[];
  readonly steps: readonly Step[];
}

export interface Step {
  readonly key: StepKey;
  /** Every key of the step but `next`. */
  readonly fields: JsonObject;
  readonly next: Next;
  /** The keys in the order they were written. */
  readonly order: readonly string[];
}

export type Next =
  /** Not written: the following step of the same list, or the end of the flow. */
  | { readonly kind: "none" }
  /** A step id, or END. */
  | { readonly kind: "target"; readonly target: string }
  | { readonly kind: "branches"; readonly branches: readonly Branch[] }
  /** A shape that is not part of the format; kept as it is. */
  | { readonly kind: "other"; readonly value: Json };

export interface Branch {
  readonly role: "if" | "else";
  /** Keys beside `then` and `else`: the condition under `if`, and unknown ones. */
  readonly fields: JsonObject;
  readonly way: Way;
}

export type Way =
  | { readonly kind: "target"; readonly target: string }
  | { readonly kind: "steps"; readonly steps: readonly Step[] };

export const END = "END";

export type StepKind =
  | "message"
  | "collect"
  | "action"
  | "set_slots"
  | "call"
  | "link"
  | "noop"
  /** None or several of the keys that tell a kind. Shown and kept, not edited. */
  | "unknown";

/** The key of the format that tells each kind; `message` and `action` share one. */
const KIND_KEYS = ["action", "collect", "set_slots", "call", "link", "noop"] as const;

export function kindOf(step: Pick<Step, "fields">): StepKind {
  const present = KIND_KEYS.filter((key) => Object.hasOwn(step.fields, key));
  const [key] = present;
  if (key === undefined || present.length > 1) return "unknown";
  if (key !== "action") return key;
  return String(step.fields["action"]).startsWith("utter_") ? "message" : "action";
}

/** The text of a field, or "" where it is missing or no text. */
export function textField(step: Pick<Step, "fields">, name: string): string {
  const value = step.fields[name];
  return typeof value === "string" ? value : "";
}

/** `set_slots` as pairs in the order written; entries with several keys count as several pairs. */
export function slotAssignments(step: Pick<Step, "fields">): { slot: string; value: Json }[] {
  const list = step.fields["set_slots"];
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry) =>
    typeof entry === "object" && entry !== null && !Array.isArray(entry)
      ? Object.entries(entry).map(([slot, value]) => ({ slot, value }))
      : [],
  );
}
