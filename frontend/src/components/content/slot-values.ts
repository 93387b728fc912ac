import { isObject, type Json } from "@/flow-core/json";

/** What may stand in a slot, as its domain says. */
export interface SlotDefinition {
  readonly type: "text" | "bool" | "float" | "choice" | "list" | "any";
  /** Of a choice. */
  readonly values: readonly Json[];
  readonly lowest: number | null;
  readonly highest: number | null;
}

/** A value as it is being typed, read: the value, or what is wrong with it. */
export type ReadValue =
  | { readonly value: Json }
  | {
      readonly problem: "number" | "lowest" | "highest" | "badJson" | "notList";
      readonly detail?: string;
    };

const NAMES: Record<string, SlotDefinition["type"]> = {
  text: "text",
  bool: "bool",
  float: "float",
  categorical: "choice",
  strict_categorical: "choice",
  list: "list",
};

/** A slot of the runtime itself has no body; its value tells what it is. */
export function slotDefinition(body: Json | undefined, current: Json): SlotDefinition {
  const known = isObject(body) ? body : {};
  const values = Array.isArray(known["values"]) ? known["values"] : [];
  const type = isObject(body) ? (NAMES[String(body["type"])] ?? "any") : typeOf(current);
  return {
    type: type === "choice" && values.length === 0 ? "text" : type,
    values,
    lowest: numberOf(known["min_value"]),
    highest: numberOf(known["max_value"]),
  };
}

function typeOf(value: Json): SlotDefinition["type"] {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return "float";
  return typeof value === "string" ? "text" : "any";
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}

/** The value as text to edit. */
export function draftOf({ type }: SlotDefinition, value: Json): string {
  if (value === null) return "";
  if (type === "any" || type === "list") return JSON.stringify(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function readDraft(slot: SlotDefinition, draft: string): ReadValue {
  switch (slot.type) {
    case "text":
      return { value: draft };
    case "bool":
      return { value: draft === "true" };
    case "choice":
      return { value: slot.values.find((value) => String(value) === draft) ?? draft };
    case "float":
      return readNumber(slot, draft);
    default:
      return readJson(draft, slot.type === "list");
  }
}

function readNumber({ lowest, highest }: SlotDefinition, draft: string): ReadValue {
  const value = Number(draft);
  if (draft.trim() === "" || !Number.isFinite(value)) return { problem: "number" };
  // The runtime heeds a range only if both of its ends are given.
  if (lowest === null || highest === null) return { value };
  if (value < lowest) return { problem: "lowest", detail: String(lowest) };
  if (value > highest) return { problem: "highest", detail: String(highest) };
  return { value };
}

export function readJson(draft: string, asList = false): ReadValue {
  try {
    const value = JSON.parse(draft) as Json;
    return asList && !Array.isArray(value) ? { problem: "notList" } : { value };
  } catch (error) {
    return { problem: "badJson", detail: error instanceof Error ? error.message : String(error) };
  }
}
