import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import { useConflicts } from "@/components/content/saving";
import { useResponseName } from "@/components/content/use-response-name";
import type { FlowDocument } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";
import { placesOfResponse } from "./content-places";

export const CHANGED_BY_OTHERS = "changed_by_others";

/** Messages of the flow that somebody else changed too, where they are said: their panel asks whose words stay. */
export function useClashes(assistantId: string, document: FlowDocument): readonly Problem[] {
  const { t } = useTranslation("builder");
  const nameOf = useResponseName();
  const conflicts = useConflicts();
  return useMemo(
    () =>
      conflicts
        .filter((each) => each.assistantId === assistantId && each.kind === "responses")
        .flatMap(({ id, saver }) =>
          indexFlow(document)
            .entries.flatMap((entry) => placesOfResponse(entry, id))
            .map((pointer): Problem => {
              const name = saver.state().conflict?.current.updated_by?.name ?? t("someone");
              return {
                code: CHANGED_BY_OTHERS,
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
