import { type RefObject, useEffect, useRef, useState } from "react";
import type { MergeConflict } from "@/api/branches";
import { type Decision, type Decisions, nameOf } from "./decisions";

export interface Deciding {
  readonly decisions: Decisions;
  /** The field that is unfolded. */
  readonly current: MergeConflict | null;
  readonly list: RefObject<HTMLOListElement | null>;
  readonly open: readonly MergeConflict[];
  readonly decide: (conflict: MergeConflict, decision: Decision) => void;
  /** To the next or the previous field; one that nobody has decided, while there is one. */
  readonly go: (step: 1 | -1) => void;
  readonly show: (conflict: MergeConflict | null) => void;
}

/** What was decided so far, kept by the place of the field: newer edits ask anew only about others. */
export function useDecisions(conflicts: readonly MergeConflict[]): Deciding {
  const [decisions, setDecisions] = useState<Decisions>({});
  const [name, setName] = useState<string | null>(() =>
    conflicts[0] ? nameOf(conflicts[0]) : null,
  );
  const list = useRef<HTMLOListElement>(null);
  const current = conflicts.find((conflict) => nameOf(conflict) === name) ?? null;
  const open = conflicts.filter((conflict) => !decisions[nameOf(conflict)]);
  const [moved, setMoved] = useState(0);
  useEffect(() => {
    if (moved === 0) return;
    const row = list.current?.querySelector<HTMLElement>("li[data-current]");
    row?.querySelector<HTMLElement>("[role=radio][tabindex='0'], [role=radio]")?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }, [moved]);
  const go = (step: 1 | -1) => {
    const others = open.length > 0 ? open : conflicts;
    const next = following(conflicts, others, current, step);
    if (!next) return;
    setName(nameOf(next));
    setMoved((count) => count + 1);
  };
  return {
    decisions,
    current,
    list,
    open,
    decide: (conflict, decision) =>
      setDecisions((all) => ({ ...all, [nameOf(conflict)]: decision })),
    go,
    show: (conflict) => setName(conflict && nameOf(conflict)),
  };
}

/** The first of `wanted` after the one in hand, round the whole list. */
function following(
  all: readonly MergeConflict[],
  wanted: readonly MergeConflict[],
  current: MergeConflict | null,
  step: 1 | -1,
): MergeConflict | undefined {
  const count = all.length;
  const here = current ? all.indexOf(current) : step > 0 ? -1 : count;
  for (let distance = 1; distance <= count; distance += 1) {
    const each = all[(here + step * distance + count * 2) % count];
    if (each && wanted.includes(each)) return each;
  }
  return undefined;
}
