import type { Branch, FlowDocument, Step, StepKey, Way } from "./model";
import { END, textField } from "./model";
import { type Container, indexFlow, references } from "./walk";

/** Applies `change` to one step wherever it stands; everything beside its path keeps its identity. */
export function changeStep(
  document: FlowDocument,
  key: StepKey,
  change: (step: Step) => Step,
): FlowDocument {
  const steps = mapSteps(document.steps, (step) => (step.key === key ? change(step) : step));
  return steps === document.steps ? document : { ...document, steps };
}

/** Visits every step, parents before their branches. */
export function mapSteps(steps: readonly Step[], change: (step: Step) => Step): readonly Step[] {
  return keepSame(steps, (step) => {
    const changed = change(step);
    if (changed.next.kind !== "branches") return changed;
    const branches = keepSame(changed.next.branches, (branch): Branch => {
      if (branch.way.kind !== "steps") return branch;
      const inner = mapSteps(branch.way.steps, change);
      return inner === branch.way.steps
        ? branch
        : { ...branch, way: { kind: "steps", steps: inner } };
    });
    return branches === changed.next.branches
      ? changed
      : { ...changed, next: { kind: "branches", branches } };
  });
}

function keepSame<Item>(items: readonly Item[], change: (item: Item) => Item): readonly Item[] {
  const changed = items.map(change);
  return changed.every((item, index) => item === items[index]) ? items : changed;
}

/** Replaces the list of steps of a container. An emptied branch goes straight to `emptyTarget`. */
export function changeList(
  document: FlowDocument,
  container: Container,
  change: (steps: readonly Step[]) => readonly Step[],
  emptyTarget: string = END,
): FlowDocument {
  if (container === null) return { ...document, steps: change(document.steps) };
  return changeBranch(document, container.step, container.branch, (branch) => {
    const steps = change(branch.way.kind === "steps" ? branch.way.steps : []);
    const way: Way =
      steps.length > 0 ? { kind: "steps", steps } : { kind: "target", target: emptyTarget };
    return { ...branch, way };
  });
}

export function changeBranch(
  document: FlowDocument,
  key: StepKey,
  index: number,
  change: (branch: Branch) => Branch,
): FlowDocument {
  return changeStep(document, key, (step) => {
    if (step.next.kind !== "branches") return step;
    const branches = step.next.branches.map((branch, place) =>
      place === index ? change(branch) : branch,
    );
    return { ...step, next: { kind: "branches", branches } };
  });
}

/** Rewrites every reference to a step id. */
export function changeTargets(
  document: FlowDocument,
  change: (target: string) => string,
): FlowDocument {
  const steps = mapSteps(document.steps, (step) => retarget(step, change));
  return steps === document.steps ? document : { ...document, steps };
}

function retarget(step: Step, change: (target: string) => string): Step {
  if (step.next.kind === "target") {
    const target = change(step.next.target);
    return target === step.next.target ? step : { ...step, next: { kind: "target", target } };
  }
  if (step.next.kind !== "branches") return step;
  const branches = keepSame(step.next.branches, (branch): Branch => {
    if (branch.way.kind !== "target") return branch;
    const target = change(branch.way.target);
    return target === branch.way.target ? branch : { ...branch, way: { kind: "target", target } };
  });
  return branches === step.next.branches ? step : { ...step, next: { kind: "branches", branches } };
}

const SLUG: Record<string, string> = { collect: "ask_", link: "go_to_", call: "call_" };

/** A readable id for a step, unlike any id (or default id) of the flow. */
function proposeId(document: FlowDocument, step: Step): string {
  const taken = indexFlow(document).byId;
  const kindKey = ["collect", "action", "link", "call"].find((name) => textField(step, name));
  const named = kindKey ? `${SLUG[kindKey] ?? ""}${textField(step, kindKey)}` : "check";
  const base = named.replace(/[^A-Za-z0-9_]+/g, "_").replace(/^(utter|action)_/, "") || "step";
  const reserved = ["START", END];
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? base : `${base}_${number}`;
    if (!taken.has(id) && !reserved.includes(id)) return id;
  }
}

/** Gives the step an id of its own, if it has none, and moves the references along. */
export function ensureId(
  document: FlowDocument,
  key: StepKey,
): { document: FlowDocument; id: string } {
  const entry = indexFlow(document).byKey.get(key);
  if (!entry) return { document, id: END };
  if (entry.explicit) return { document, id: entry.id };
  const id = proposeId(document, entry.step);
  const order = ["id", ...entry.step.order.filter((name) => name !== "id")];
  const named = changeStep(document, key, (step) => ({
    ...step,
    fields: { id, ...step.fields },
    order,
  }));
  return { document: changeTargets(named, (target) => (target === entry.id ? id : target)), id };
}

/**
 * Default ids change whenever a step is inserted before them. So that references keep their step, each step that
 * is named by its default id gets an id of its own before the document is edited.
 */
export function settleReferences(document: FlowDocument): FlowDocument {
  const { byId } = indexFlow(document);
  let settled = document;
  for (const { target } of references(document)) {
    const entry = byId.get(target);
    if (entry && !entry.explicit) settled = ensureId(settled, entry.step.key).document;
  }
  return settled;
}

/** A key that no step of the document has. */
export function newKey(document: FlowDocument): StepKey {
  let highest = 0;
  for (const { step } of indexFlow(document).entries) {
    const number = Number(/^new-(\d+)$/.exec(step.key)?.[1] ?? 0);
    highest = Math.max(highest, number);
  }
  return `new-${highest + 1}`;
}

/** All steps below a step, through its branches. */
export function stepsBelow(step: Step): Step[] {
  if (step.next.kind !== "branches") return [];
  return step.next.branches.flatMap(({ way }) =>
    way.kind === "steps" ? way.steps.flatMap((inner) => [inner, ...stepsBelow(inner)]) : [],
  );
}
