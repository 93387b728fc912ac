import { isObject, type Json, type JsonObject } from "./json";
import type { FlowDocument } from "./model";
import { changeBranch, changeStep } from "./structure";
import { stepAtPointer } from "./walk";

/**
 * Puts a value where a JSON pointer of the flow's body leads: into its header, a branch or a step.
 * The document itself comes back where the pointer leads nowhere.
 */
export function setAtPointer(document: FlowDocument, pointer: string, value: Json): FlowDocument {
  const entry = stepAtPointer(document, pointer);
  if (!entry) {
    const header = placed(document.header, keysOf(pointer), value);
    return header === document.header ? document : { ...document, header: header as JsonObject };
  }
  const keys = keysOf(pointer.slice(entry.pointer.length));
  if (keys[0] === "next") {
    return changeBranch(document, entry.step.key, Number(keys[1]), (branch) => ({
      ...branch,
      fields: placed(branch.fields, keys.slice(2), value) as JsonObject,
    }));
  }
  return changeStep(document, entry.step.key, (step) => ({
    ...step,
    fields: placed(step.fields, keys, value) as JsonObject,
  }));
}

/** A copy of any JSON value with another one where the pointer leads; itself where that is nowhere. */
export function withValue(holder: Json, pointer: string, value: Json): Json {
  return placed(holder, keysOf(pointer), value);
}

function keysOf(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** A copy with the value at the place; what has no such place stays as it is. */
function placed(holder: Json, [key, ...rest]: readonly string[], value: Json): Json {
  if (key === undefined) return value;
  if (Array.isArray(holder)) {
    return holder.map((each, index) => (String(index) === key ? placed(each, rest, value) : each));
  }
  if (!isObject(holder) || !Object.hasOwn(holder, key)) return holder;
  return { ...holder, [key]: placed(holder[key] ?? null, rest, value) };
}
