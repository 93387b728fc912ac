import { isObject } from "@/flow-core/json";
import { kindOf, slotAssignments, textField } from "@/flow-core/model";
import type { StepEntry } from "@/flow-core/walk";

/** Where a step says the response, as JSON pointers. */
export function placesOfResponse({ step, pointer }: StepEntry, response: string): string[] {
  const kind = kindOf(step);
  if (kind === "message") return textField(step, "action") === response ? [pointer] : [];
  if (kind !== "collect") return [];
  const asked = textField(step, "utter") || `utter_ask_${textField(step, "collect")}`;
  const { rejections } = step.fields;
  const checks = Array.isArray(rejections) ? rejections : [];
  return [
    ...(asked === response ? [pointer] : []),
    ...checks.flatMap((check, index) =>
      isObject(check) && check["utter"] === response ? [`${pointer}/rejections/${index}`] : [],
    ),
  ];
}

/** Where a step asks for the slot or sets it, as JSON pointers. */
export function placesOfSlot({ step, pointer }: StepEntry, slot: string): string[] {
  const uses =
    textField(step, "collect") === slot ||
    slotAssignments(step).some((assignment) => assignment.slot === slot);
  return uses ? [pointer] : [];
}
