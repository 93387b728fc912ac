import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { checkDraft, validationQuery } from "@/api/content";
import type { Json, Problem } from "@/api/types";
import type { FlowDocument } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";
import { placesOfResponse, placesOfSlot } from "./content-places";
import { useResponseName } from "./panels/use-response-name";

const CHECK_DELAY_MS = 300;
/** Name of the argument that says where in a response or slot a repair is made. */
export const PLACE_IN_ITEM = "place_in_item";
const NONE: readonly Problem[] = [];

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

/** The problems of one slot as it is stored. */
export function useSlotProblems(assistantId: string, slot: string): readonly Problem[] {
  const report = useQuery(validationQuery(assistantId)).data;
  return useMemo(
    () => report?.problems.filter(({ kind, id }) => kind === "slot" && id === slot) ?? NONE,
    [report, slot],
  );
}

/** The problems of a response or slot as it stands on the screen, by the same rules as training. Null: not there yet. */
export function useDraftProblems(
  assistantId: string,
  kind: "response" | "slot",
  id: string,
  body: Json | null,
): readonly Problem[] {
  const [problems, setProblems] = useState(NONE);
  const draft = JSON.stringify(body);
  useEffect(() => {
    if (draft === "null") return;
    let stale = false;
    const timer = setTimeout(async () => {
      try {
        const found = await checkDraft(assistantId, { kind, id, body: JSON.parse(draft) as Json });
        if (!stale) setProblems(found);
      } catch {
        // Not reachable: the last known problems stay, and the next change asks again.
      }
    }, CHECK_DELAY_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [assistantId, kind, id, draft]);
  return problems;
}
