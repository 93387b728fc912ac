import type { CardKind } from "@/components/steps/step-kinds";
import { logicCard, START_CARD } from "@/flow-core/graph";
import { END, type FlowDocument, kindOf, type Step, type StepKey } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";
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
  return new Outliner(document, closed).list([start, ...document.steps], 1, null);
}

class Outliner {
  private readonly index;
  private readonly closed: ReadonlySet<string>;

  constructor(document: FlowDocument, closed: ReadonlySet<string>) {
    this.index = indexFlow(document);
    this.closed = closed;
  }

  /** A list whose last step goes on to `after`; going there needs no row of its own. */
  list(items: readonly (Step | Draft)[], level: number, after: string | null): OutlineRow[] {
    const drafts = items.flatMap((item, place) => {
      if (!("fields" in item)) return [{ draft: item, step: null, next: null }];
      const next = this.id(items[place + 1]) ?? after;
      return this.ofStep(item, next).map((each) => ({ ...each, next }));
    });
    return drafts.flatMap(({ draft, step, next }, place) => [
      { ...draft, level, position: place + 1, siblings: drafts.length },
      ...(step && draft.expanded ? this.branches(step, level + 1, next) : []),
    ]);
  }

  private id(item: Step | Draft | undefined): string | null {
    return item && "fields" in item ? (this.index.byKey.get(item.key)?.id ?? null) : null;
  }

  private branches(step: Step, level: number, after: string | null): OutlineRow[] {
    if (step.next.kind !== "branches") return [];
    const { branches } = step.next;
    return branches.flatMap((branch, index) => {
      const id = `${step.key}:branch:${index}`;
      const { way } = branch;
      const jumps = way.kind === "target" && way.target !== END && way.target !== after;
      const hasChildren = way.kind === "steps" || jumps;
      const row: OutlineRow = {
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
        ...(hasChildren ? { expanded: !this.closed.has(id) } : {}),
      };
      if (!hasChildren || this.closed.has(id)) return [row];
      const inside = way.kind === "steps" ? way.steps : [connectDraft(step, way.target, index)];
      return [row, ...this.list(inside, level + 1, after)];
    });
  }

  /** A step and what hangs on it in the same list: its branching, or its jump. */
  private ofStep(step: Step, after: string | null): { draft: Draft; step: Step | null }[] {
    const kind = kindOf(step);
    const isPoint = kind === "noop" && step.next.kind === "branches";
    const own: Draft = {
      id: step.key,
      card: step.key,
      kind: kind === "unknown" ? "noop" : kind,
      step: step.key,
      selection: { kind: "step", key: step.key },
    };
    const drafts: { draft: Draft; step: Step | null }[] = isPoint
      ? []
      : [{ draft: own, step: null }];
    if (step.next.kind === "branches") {
      const id = isPoint ? step.key : logicCard(step.key);
      const draft: Draft = {
        id,
        card: id,
        kind: "logic",
        step: step.key,
        expanded: !this.closed.has(id),
        selection: { kind: "logic", key: step.key },
      };
      drafts.push({ draft, step });
    }
    const { next } = step;
    if (next.kind === "target" && next.target !== END && next.target !== after) {
      drafts.push({ draft: connectDraft(step, next.target), step: null });
    }
    return drafts;
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
