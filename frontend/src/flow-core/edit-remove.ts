import { entryOf, insertStep, isEndOfPath, type Place, successor } from "./edit";
import { END, type FlowDocument, kindOf, type Next, type Step, type StepKey } from "./model";
import {
  changeList,
  changeStep,
  changeTargets,
  newKey,
  settleReferences,
  stepsBelow,
} from "./structure";

const NONE: Next = { kind: "none" };

/**
 * Takes a step out. The steps around it close up, and whatever jumped to it goes on to its successor. If the step
 * carries branches, only its own work goes: they stay where they are.
 */
export function deleteStep(document: FlowDocument, key: StepKey): FlowDocument {
  const settled = settleReferences(document);
  const entry = entryOf(settled, key);
  if (!entry) return document;
  if (entry.step.next.kind === "branches") return emptied(settled, key);
  return detach(settled, key);
}

/** Turns a step with branches into a mere branching point. */
function emptied(document: FlowDocument, key: StepKey): FlowDocument {
  return changeStep(document, key, (step) => {
    const id = step.fields["id"];
    const fields = { ...(id === undefined ? {} : { id }), noop: true };
    return { ...step, fields, order: [...Object.keys(fields), "next"] };
  });
}

function detach(document: FlowDocument, key: StepKey): FlowDocument {
  const entry = entryOf(document, key);
  if (!entry) return document;
  const isLink = kindOf(entry.step) === "link";
  const { next } = entry.step;
  const selfLoop = next.kind === "target" && next.target === entry.id;
  const bare = selfLoop ? changeStep(document, key, (step) => ({ ...step, next: NONE })) : document;
  const after = isLink ? { document: bare, target: END } : successor(bare, key);
  const current = entryOf(after.document, key);
  if (!current) return document;
  const retargeted = changeTargets(after.document, (target) =>
    target === current.id ? after.target : target,
  );
  const nested = current.container !== null;
  return changeList(
    retargeted,
    current.container,
    (steps) => closeGap(steps, key, after.target, nested),
    after.target,
  );
}

/** The list without the step; the one before it inherits where to go, if that is not simply the one after. */
function closeGap(
  steps: readonly Step[],
  key: StepKey,
  target: string,
  nested: boolean,
): readonly Step[] {
  const position = steps.findIndex((step) => step.key === key);
  const following = steps[position + 1];
  const before = steps[position - 1];
  const rest = steps.filter((step) => step.key !== key);
  if (before?.next.kind !== "none" || kindOf(before) === "link") return rest;
  const falls = following ? following.fields["id"] === target : !nested && target === END;
  if (falls) return rest;
  const next: Next = { kind: "target", target };
  return rest.map((step) => (step.key === before.key ? { ...step, next } : step));
}

/** How many steps a person loses by removing all branches of a step. */
export function countBelow(document: FlowDocument, key: StepKey): number {
  const entry = entryOf(document, key);
  return entry ? stepsBelow(entry.step).length : 0;
}

/** False for a branch that ends in a link while steps follow below: nothing would lead to those any more. */
export function canKeepBranch(document: FlowDocument, key: StepKey, index: number): boolean {
  const entry = entryOf(document, key);
  if (entry?.step.next.kind !== "branches") return false;
  const way = entry.step.next.branches[index]?.way;
  const last = way?.kind === "steps" ? way.steps.at(-1) : undefined;
  return !(last && kindOf(last) === "link" && entry.position < entry.siblings.length - 1);
}

/** Removes the branching after a step: keeps the steps of one branch, or of none. */
export function deleteLogic(
  document: FlowDocument,
  key: StepKey,
  keep: number | "none",
): FlowDocument {
  const settled = settleReferences(document);
  const continued = successor(settled, key);
  const entry = entryOf(continued.document, key);
  if (entry?.step.next.kind !== "branches") return document;
  if (keep !== "none" && !canKeepBranch(continued.document, key, keep)) return document;
  const kept = keep === "none" ? undefined : entry.step.next.branches[keep];
  const nested = entry.container !== null;
  const following = entry.siblings[entry.position + 1];
  const straight = (target: string): Next => {
    const falls = following ? following.fields["id"] === target : !nested && target === END;
    return falls ? NONE : { kind: "target", target };
  };
  const steps = kept?.way.kind === "steps" ? kept.way.steps : [];
  const ownTarget = kept?.way.kind === "target" ? kept.way.target : continued.target;
  const gone = lostIds(entry.step, steps);
  const flat = changeList(continued.document, entry.container, (list) =>
    list.flatMap((each) => {
      if (each.key !== key) return [each];
      if (steps.length === 0) return [{ ...each, next: straight(ownTarget) }];
      return [{ ...each, next: NONE }, ...loosened(steps, straight)];
    }),
  );
  const mended = changeTargets(flat, (target) => (gone.has(target) ? continued.target : target));
  return kindOf(entry.step) === "noop" ? detach(settleReferences(mended), key) : mended;
}

/** The last of the kept steps need not name the step it now stands before. */
function loosened(steps: readonly Step[], straight: (target: string) => Next): Step[] {
  return steps.map((step, position) =>
    position === steps.length - 1 && step.next.kind === "target"
      ? { ...step, next: straight(step.next.target) }
      : step,
  );
}

/** Ids that vanish with the steps below `step`, but for those in `kept`. */
function lostIds(step: Step, kept: readonly Step[]): ReadonlySet<string> {
  const saved = new Set(
    kept.flatMap((each) => [each, ...stepsBelow(each)]).map((each) => each.key),
  );
  return new Set(
    stepsBelow(step)
      .filter((each) => !saved.has(each.key))
      .flatMap((each) => (typeof each.fields["id"] === "string" ? [each.fields["id"]] : [])),
  );
}

/** Swaps a step with its neighbour above (-1) or below (+1). Branching steps and links keep their place. */
export function moveStep(document: FlowDocument, key: StepKey, direction: -1 | 1): FlowDocument {
  const settled = settleReferences(document);
  const entry = entryOf(settled, key);
  if (!entry) return document;
  const other = entry.siblings[entry.position + direction];
  if (!other) return document;
  const [upper, lower] = direction === 1 ? [entry.step, other] : [other, entry.step];
  if (upper.next.kind !== "none" || lower.next.kind === "branches" || kindOf(lower) === "link")
    return document;
  return changeList(settled, entry.container, (steps) =>
    steps.flatMap((step) => {
      if (step.key === upper.key) return [{ ...lower, next: NONE }];
      if (step.key === lower.key) return [{ ...upper, next: lower.next }];
      return [step];
    }),
  );
}

/** Takes a step from where it is and puts it elsewhere. Branching steps stay. */
export function moveStepTo(document: FlowDocument, key: StepKey, place: Place): FlowDocument {
  if (place.kind !== "start" && place.step === key) return document;
  const settled = settleReferences(document);
  const entry = entryOf(settled, key);
  if (!entry || entry.step.next.kind === "branches") return document;
  const without = detach(settled, key);
  if (kindOf(entry.step) === "link" && !isEndOfPath(without, place)) return document;
  const placed = insertStep(without, place, { ...entry.step, next: NONE });
  return placed ?? document;
}

/** Adds one branch before Else, or makes a plain step branch. It goes on below until it gets steps. */
export function addBranch(document: FlowDocument, key: StepKey): FlowDocument {
  const settled = settleReferences(document);
  const continued = successor(settled, key);
  const entry = entryOf(continued.document, key);
  if (!entry || kindOf(entry.step) === "link") return document;
  const way = { kind: "target", target: continued.target } as const;
  const branch = { role: "if", fields: { if: "" }, way } as const;
  const otherwise = { role: "else", fields: {}, way } as const;
  return changeStep(continued.document, key, (step) => {
    const branches = step.next.kind === "branches" ? step.next.branches : [otherwise];
    const place = branches.findIndex((each) => each.role === "else");
    const at = place === -1 ? branches.length : place;
    return { ...step, next: { kind: "branches", branches: branches.toSpliced(at, 0, branch) } };
  });
}

/** Removes a branch with its steps; without any condition left, Else becomes the way on. */
export function removeBranch(document: FlowDocument, key: StepKey, index: number): FlowDocument {
  const settled = settleReferences(document);
  const entry = entryOf(settled, key);
  if (entry?.step.next.kind !== "branches") return document;
  const { branches } = entry.step.next;
  const branch = branches[index];
  if (!branch || branch.role === "else") return document;
  if (branches.filter((each) => each.role === "if").length === 1) {
    const otherwise = branches.findIndex((each) => each.role === "else");
    return deleteLogic(settled, key, otherwise === -1 ? "none" : otherwise);
  }
  const continued = successor(settled, key);
  const gone = lostIds({ ...entry.step, next: { kind: "branches", branches: [branch] } }, []);
  const shorter = changeStep(continued.document, key, (step) =>
    step.next.kind === "branches"
      ? { ...step, next: { kind: "branches", branches: step.next.branches.toSpliced(index, 1) } }
      : step,
  );
  return changeTargets(shorter, (target) => (gone.has(target) ? continued.target : target));
}

/** Changes the order in which conditions are tried; Else stays last. */
export function moveBranch(
  document: FlowDocument,
  key: StepKey,
  from: number,
  to: number,
): FlowDocument {
  const settled = settleReferences(document);
  return changeStep(settled, key, (step) => {
    if (step.next.kind !== "branches") return step;
    const { branches } = step.next;
    const branch = branches[from];
    const target = branches[to];
    if (!branch || !target || branch.role === "else" || target.role === "else") return step;
    const moved = branches.toSpliced(from, 1).toSpliced(to, 0, branch);
    return { ...step, next: { kind: "branches", branches: moved } };
  });
}

/** A branching point of its own, for places where no step could carry the branches. */
export function addLogic(
  document: FlowDocument,
  place: Place,
): { document: FlowDocument; key: StepKey } {
  const settled = settleReferences(document);
  if (place.kind === "after") {
    const entry = entryOf(settled, place.step);
    const carries = entry && entry.step.next.kind !== "branches" && kindOf(entry.step) !== "link";
    return { document: carries ? addBranch(settled, place.step) : document, key: place.step };
  }
  const key = newKey(settled);
  const point: Step = { key, fields: { noop: true }, next: NONE, order: ["noop", "next"] };
  const placed = insertStep(settled, place, point);
  if (!placed) return { document, key };
  return { document: addBranch(placed, key), key };
}
