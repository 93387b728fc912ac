import { queryOptions } from "@tanstack/react-query";
import type { JsonObject } from "@/flow-core/json";
import { api } from "./client";
import type { Item, Schemas } from "./types";

export type SlotUses = Schemas["SlotUses"];
export type ValueUse = Schemas["SlotValueUse"];

const slotPath = (assistant: string, slot: string) =>
  `assistants/${assistant}/slots/${encodeURIComponent(slot)}/`;

/** Every place that asks for the slot, sets it, reads it or shows it. */
export const slotUsesQuery = (assistant: string, slot: string) =>
  queryOptions({
    // Anything that changes may be such a place.
    queryKey: ["content", assistant, "uses", slot] as const,
    queryFn: ({ signal }) => api.get<SlotUses>(`${slotPath(assistant, slot)}uses/`, { signal }),
  });

/** Of each value of a choice the items that name it. */
export const slotValuesQuery = (assistant: string, slot: string) =>
  queryOptions({
    queryKey: ["content", assistant, "uses", slot, "values"] as const,
    queryFn: ({ signal }) =>
      api.get<Schemas["SlotValues"]>(`${slotPath(assistant, slot)}values/`, { signal }),
  });

/** Another name of a value, which all that names it follows; `left` seems to name it, and stays. */
export async function renameValue(assistant: string, slot: string, value: string, name: string) {
  const { revision } = await api.get<Item<JsonObject>>(slotPath(assistant, slot));
  return api.post<Schemas["SlotValueRenamed"]>(`${slotPath(assistant, slot)}values/rename/`, {
    value,
    new: name,
    revision,
  });
}
