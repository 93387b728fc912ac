import { useEffect, useMemo, useState } from "react";
import { checkDraft } from "@/api/content";
import type { JsonObject, Problem } from "@/api/types";
import type { Sources } from "@/components/content/content-context";
import type { ShownProblem } from "@/components/content/use-unfinished";
import type { Mark } from "@/components/flow-canvas/canvas-state";
import { logicCard, START_CARD } from "@/flow-core/graph";
import { type FlowDocument, kindOf } from "@/flow-core/model";
import { indexFlow, type StepEntry, stepAtPointer } from "@/flow-core/walk";
import type { Selection } from "./selection";

const CHECK_DELAY_MS = 150;

interface Draft {
  assistantId: string;
  flowId: string;
  body: JsonObject;
  /** What the checks depend on besides the flow; a new response may mend an error here. */
  sources: Sources;
}

/** Problems of the flow as it stands on the screen, by the same rules as training. */
export function useProblems(
  { assistantId, flowId, body, sources }: Draft,
  initial: readonly Problem[],
): readonly Problem[] {
  const [problems, setProblems] = useState(initial);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other content is no argument, yet the answer depends on it
  useEffect(() => {
    let stale = false;
    const timer = setTimeout(async () => {
      try {
        const found = await checkDraft(assistantId, { kind: "flow", id: flowId, body });
        if (!stale) setProblems(found);
      } catch {
        // Not reachable: the last known problems stay, and the next change asks again.
      }
    }, CHECK_DELAY_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [assistantId, flowId, body, sources]);
  return problems;
}

/** The step a problem is about; null for the flow itself. */
export function problemStep(document: FlowDocument, problem: Problem): StepEntry | null {
  const pointed = problem.pointer ? stepAtPointer(document, problem.pointer) : null;
  return pointed ?? (problem.step ? (indexFlow(document).byId.get(problem.step) ?? null) : null);
}

/** The index of the branch a problem points into, if it is about branches. */
function branchOf(entry: StepEntry, problem: Problem): number | "all" | null {
  const rest = problem.pointer?.slice(entry.pointer.length) ?? "";
  const found = /^\/next(?:\/(\d+))?/.exec(rest);
  if (!found || entry.step.next.kind !== "branches") return null;
  return found[1] === undefined ? "all" : Number(found[1]);
}

export function problemSelection(document: FlowDocument, problem: Problem): Selection {
  const entry = problemStep(document, problem);
  if (!entry) return { kind: "start" };
  const inBranches = branchOf(entry, problem) !== null || isPoint(entry);
  return { kind: inBranches ? "logic" : "step", key: entry.step.key };
}

function isPoint(entry: StepEntry): boolean {
  return entry.step.next.kind === "branches" && kindOf(entry.step) === "noop";
}

/** The tab of the side panel where the problem can be mended. */
export function problemTab(problem: Problem): "check" | undefined {
  return problem.pointer?.includes("/rejections") ? "check" : undefined;
}

/** Problems per card and chip. */
export function useMarks(
  document: FlowDocument,
  problems: readonly ShownProblem[],
): ReadonlyMap<string, Mark> {
  return useMemo(() => {
    const marks = new Map<string, Mark>();
    const add = (card: string, problem: Problem) => {
      const { errors, warnings } = marks.get(card) ?? { errors: 0, warnings: 0 };
      const isError = problem.severity === "error";
      marks.set(card, {
        errors: errors + (isError ? 1 : 0),
        warnings: warnings + (isError ? 0 : 1),
      });
    };
    for (const problem of problems) {
      if (problem.unfinished) continue;
      const entry = problemStep(document, problem);
      if (!entry) {
        add(START_CARD, problem);
        continue;
      }
      const branch = branchOf(entry, problem);
      add(branch === null || isPoint(entry) ? entry.step.key : logicCard(entry.step.key), problem);
      if (typeof branch === "number") add(`${entry.step.key}:branch:${branch}`, problem);
    }
    return marks;
  }, [document, problems]);
}
