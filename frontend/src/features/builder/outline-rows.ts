import type { CardKind } from "@/components/steps/step-kinds";
import { logicCard, START_CARD } from "@/flow-core/graph";
import { END, type FlowDocument, kindOf, type Step, type StepKey } from "@/flow-core/model";
import type { Selection } from "./selection";

export interface OutlineRow {
  /** Also names the card on the canvas, where there is one. */
  readonly id: string;
  readonly card: string;
  readonly kind: CardKind | "branch";
  readonly role?: "if" | "else";
  readonly step: StepKey | null;
  readonly branch?: number;
  readonly target?: string;
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
  /** Absent for rows without children. */
  readonly expanded?: boolean;
  readonly selection: Selection | null;
}

type Draft = Omit<OutlineRow, "position" | "siblings" | "level">;

/** The flow in reading order, as the rows of a tree; what is closed leaves out its children. */
export function outlineRows(document: FlowDocument, closed: ReadonlySet<string>): OutlineRow[] {
  const start: Draft = {
    id: START_CARD,
    card: START_CARD,
    kind: "start",
    step: null,
    selection: { kind: "start" },
  };
  const rows: OutlineRow[] = [];
  addList([start, ...document.steps], 1, closed, rows);
  return rows;
}

function addList(
  items: readonly (Step | Draft)[],
  level: number,
  closed: ReadonlySet<string>,
  rows: OutlineRow[],
): void {
  const drafts = items.flatMap((item) =>
    "fields" in item ? stepDrafts(item, closed) : [{ draft: item, step: null }],
  );
  for (const [index, { draft, step }] of drafts.entries()) {
    rows.push({ ...draft, level, position: index + 1, siblings: drafts.length });
    if (step && draft.expanded) addBranches(step, level + 1, closed, rows);
  }
}

function addBranches(
  step: Step,
  level: number,
  closed: ReadonlySet<string>,
  rows: OutlineRow[],
): void {
  if (step.next.kind !== "branches") return;
  const { branches } = step.next;
  for (const [index, branch] of branches.entries()) {
    const id = `${step.key}:branch:${index}`;
    const { way } = branch;
    const jump = way.kind === "target" && way.target !== END;
    const hasChildren = way.kind === "steps" || jump;
    const expanded = hasChildren ? { expanded: !closed.has(id) } : {};
    rows.push({
      id,
      card: id,
      kind: "branch",
      role: branch.role,
      step: step.key,
      branch: index,
      level,
      position: index + 1,
      siblings: branches.length,
      selection: { kind: "logic", key: step.key },
      ...expanded,
    });
    if (!hasChildren || closed.has(id)) continue;
    if (way.kind === "steps") addList(way.steps, level + 1, closed, rows);
    else addList([connectDraft(step, way.target, index)], level + 1, closed, rows);
  }
}

function connectDraft(step: Step, target: string, branch?: number): Draft {
  const id = `connect:${step.key}${branch === undefined ? "" : `:${branch}`}`;
  const place = branch === undefined ? {} : { branch };
  return {
    id,
    card: id,
    kind: "connect",
    step: step.key,
    target,
    ...place,
    selection: { kind: "next", key: step.key, ...place },
  };
}

/** A step and what hangs on it in the same list: its branching, or its jump. */
function stepDrafts(
  step: Step,
  closed: ReadonlySet<string>,
): { draft: Draft; step: Step | null }[] {
  const kind = kindOf(step);
  const isPoint = kind === "noop" && step.next.kind === "branches";
  const own: Draft = {
    id: step.key,
    card: step.key,
    kind: kind === "unknown" ? "noop" : kind,
    step: step.key,
    selection: { kind: "step", key: step.key },
  };
  const drafts: { draft: Draft; step: Step | null }[] = isPoint ? [] : [{ draft: own, step: null }];
  if (step.next.kind === "branches") {
    const id = isPoint ? step.key : logicCard(step.key);
    const draft: Draft = {
      id,
      card: id,
      kind: "logic",
      step: step.key,
      expanded: !closed.has(id),
      selection: { kind: "logic", key: step.key },
    };
    drafts.push({ draft, step });
  }
  if (step.next.kind === "target" && step.next.target !== END) {
    drafts.push({ draft: connectDraft(step, step.next.target), step: null });
  }
  return drafts;
}
