import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { validationQuery } from "@/api/content";
import type { Problem } from "@/api/types";
import { useResponseName } from "@/components/content/use-response-name";
import type { FlowDocument } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";
import { placesOfResponse, placesOfSlot } from "./content-places";

/** Name of the argument that says where in a response or slot a repair is made. */
export const PLACE_IN_ITEM = "place_in_item";

/** The problems of stored responses and slots that the flow uses, at the steps that use them. */
export function useContentProblems(
  assistantId: string,
  document: FlowDocument,
): readonly Problem[] {
  const { t } = useTranslation("builder");
  const nameOf = useResponseName();
  const report = useQuery(validationQuery(assistantId)).data;
  return useMemo(() => {
    const { entries } = indexFlow(document);
    return (report?.problems ?? []).flatMap((problem) => {
      const { kind, id, message } = problem;
      if (kind !== "response" && kind !== "slot") return [];
      const places = kind === "response" ? placesOfResponse : placesOfSlot;
      const name = kind === "response" ? nameOf(id) : id;
      return entries
        .flatMap((entry) => places(entry, id))
        .map(
          (pointer): Problem => ({
            ...problem,
            step: null,
            pointer,
            // The repair is of the item itself, not of the flow that uses it.
            fix: problem.fix && {
              ...problem.fix,
              arguments: { ...problem.fix.arguments, [PLACE_IN_ITEM]: problem.pointer },
            },
            message: t(`problems.in_${kind}`, { name, message }),
          }),
        );
    });
  }, [report, document, nameOf, t]);
}
