import { useTranslation } from "react-i18next";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";
import { setSlots } from "@/flow-core/payload";
import { choicesOf } from "./button-form";
import { useContent } from "./content-context";

/** Buttons for the values of a slot that have none yet; null where the slot has no values to choose from. */
export function useValueButtons(): (slot: string, buttons: readonly Json[]) => JsonObject[] | null {
  const { t } = useTranslation("canvas");
  const { sources } = useContent();
  return (slot, buttons) => {
    const choices = choicesOf(sources.slots.get(slot), { yes: t("yes"), no: t("no") });
    if (!choices) return null;
    const taken = new Set(buttons.filter(isObject).map(({ payload }) => payload));
    return choices
      .map(({ value, label }) => ({ title: label, payload: setSlots([{ slot, value }]) }))
      .filter(({ payload }) => !taken.has(payload));
  };
}
