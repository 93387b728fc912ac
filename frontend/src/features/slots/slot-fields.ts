import type { Problem } from "@/api/types";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";

/** What every part of the form is given. */
export interface SlotFields {
  body: JsonObject;
  onChange: (body: JsonObject) => void;
  /** The problems at a JSON pointer and below it. */
  problems: (pointer: string) => readonly Problem[];
}

export function objectsOf(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.map((each) => (isObject(each) ? each : {})) : [];
}

export function textOf(value: Json | undefined): string {
  return value === undefined || value === null ? "" : String(value);
}

/** The list with one entry moved by so many places; the same list where it cannot be. */
export function moved<Entry>(list: readonly Entry[], from: number, by: number): Entry[] {
  const to = from + by;
  const entry = list[from];
  if (entry === undefined || to < 0 || to >= list.length) return [...list];
  return list.toSpliced(from, 1).toSpliced(to, 0, entry);
}
