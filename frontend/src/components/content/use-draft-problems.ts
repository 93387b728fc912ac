import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { checkDraft, validationQuery } from "@/api/content";
import type { Json, Problem } from "@/api/types";
import { type ShownProblem, useUnfinished } from "./use-unfinished";

const CHECK_DELAY_MS = 300;
const NONE: readonly Problem[] = [];

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
): readonly ShownProblem[] {
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
  return useUnfinished(problems, problems === NONE ? null : id);
}
