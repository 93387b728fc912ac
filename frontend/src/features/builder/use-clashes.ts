import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import { isObject } from "@/flow-core/json";
import { type FlowDocument, kindOf, textField } from "@/flow-core/model";
import { indexFlow, type StepEntry } from "@/flow-core/walk";
import { useResponseName } from "./panels/use-response-name";
import { useConflicts } from "./saving";

/** Messages of the flow that somebody else changed too, where they are said: their panel asks whose words stay. */
export function useClashes(assistantId: string, document: FlowDocument): readonly Problem[] {
  const { t } = useTranslation("builder");
  const nameOf = useResponseName();
  const conflicts = useConflicts();
  return useMemo(
    () =>
      conflicts
        .filter((each) => each.assistantId === assistantId && each.noun === "responses")
        .flatMap(({ id, saver }) =>
          indexFlow(document)
            .entries.flatMap((entry) => placesOf(entry, id))
            .map((pointer): Problem => {
              const name = saver.state().conflict?.current.updated_by?.name ?? t("someone");
              return {
                code: "changed_by_others",
                severity: "warning",
                message: t("conflict.message", { name, message: nameOf(id) }),
                kind: "response",
                id,
                item_name: id,
                step: null,
                pointer,
                fix: null,
              };
            }),
        ),
    [assistantId, conflicts, document, nameOf, t],
  );
}

/** Where a step says the response, as JSON pointers. */
function placesOf({ step, pointer }: StepEntry, response: string): string[] {
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
