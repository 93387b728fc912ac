import type { Json, JsonObject } from "./json";
import { END, type FlowDocument, kindOf, type Next, type Step, type StepKey } from "./model";
import {
  changeBranch,
  changeList,
  changeStep,
  changeTargets,
  ensureId,
  newKey,
  settleReferences,
} from "./structure";
import { indexFlow, type StepEntry } from "./walk";

/** Where a new or moved step goes. */
export type Place =
  | { readonly kind: "start" }
  | { readonly kind: "after"; readonly step: StepKey }
  /** The beginning of a branch. */
  | { readonly kind: "branch"; readonly step: StepKey; readonly branch: number }
  /** Below all branches of a step, where they come together. */
  | { readonly kind: "join"; readonly step: StepKey };

export interface Added {
  readonly document: FlowDocument;
  readonly key: StepKey;
}

const NONE: Next = { kind: "none" };

const toTarget = (target: string): Next => ({ kind: "target", target });

export function entryOf(document: FlowDocument, key: StepKey): StepEntry | null {
  return indexFlow(document).byKey.get(key) ?? null;
}

/** The id the flow goes to after the step, naming the following step if it has no id yet. */
export function successor(
  document: FlowDocument,
  key: StepKey,
): { document: FlowDocument; target: string } {
  const entry = entryOf(document, key);
  if (!entry) return { document, target: END };
  if (entry.step.next.kind === "target") return { document, target: entry.step.next.target };
  const following = entry.siblings[entry.position + 1];
  if (following) {
    const named = ensureId(document, following.key);
    return { document: named.document, target: named.id };
  }
  return { document, target: commonExit(entry.step) };
}

/** Where the branches of a step mostly lead when they leave it; END when they do not say. */
export function commonExit(step: Step): string {
  const inside = new Set<string>();
  const exits = new Map<string, number>();
  const visit = (each: Step): void => {
    if (typeof each.fields["id"] === "string") inside.add(each.fields["id"]);
    const targets: string[] = [];
    if (each.next.kind === "target") targets.push(each.next.target);
    if (each.next.kind === "branches") {
      for (const { way } of each.next.branches) {
        if (way.kind === "target") targets.push(way.target);
        else way.steps.forEach(visit);
      }
    }
    for (const target of targets) exits.set(target, (exits.get(target) ?? 0) + 1);
  };
  visit(step);
  const leaving = [...exits].filter(([target]) => !inside.has(target) && target !== END);
  return leaving.sort((one, other) => other[1] - one[1])[0]?.[0] ?? END;
}

/** True when nothing follows the place in its list, so that a link or a jump leaves no step unreachable. */
export function isEndOfPath(document: FlowDocument, place: Place): boolean {
  switch (place.kind) {
    case "start":
      return document.steps.length === 0;
    case "after": {
      const entry = entryOf(document, place.step);
      return (
        entry !== null &&
        entry.position === entry.siblings.length - 1 &&
        entry.step.next.kind !== "branches"
      );
    }
    case "branch": {
      const entry = entryOf(document, place.step);
      const branch =
        entry?.step.next.kind === "branches" ? entry.step.next.branches[place.branch] : undefined;
      return branch?.way.kind === "target";
    }
    case "join": {
      const entry = entryOf(document, place.step);
      return entry !== null && entry.position === entry.siblings.length - 1;
    }
  }
}

/** Adds a step with the given fields. A link can only be added at the end of a path. */
export function addStep(document: FlowDocument, place: Place, fields: JsonObject): Added {
  const settled = settleReferences(document);
  const key = newKey(settled);
  const step: Step = { key, fields, next: NONE, order: Object.keys(fields) };
  if (kindOf(step) === "link" && !isEndOfPath(settled, place)) return { document, key };
  const placed = insertStep(settled, place, step);
  return { document: placed ?? document, key };
}

/** Puts a step (whose `next` is free to be set) at a place; null if the place does not exist. */
export function insertStep(document: FlowDocument, place: Place, step: Step): FlowDocument | null {
  const isLink = kindOf(step) === "link";
  if (place.kind === "start") {
    return changeList(document, null, (steps) => [step, ...steps]);
  }
  const entry = entryOf(document, place.step);
  if (!entry) return null;
  if (place.kind === "after") return insertAfter(document, entry, step, isLink);
  if (entry.step.next.kind !== "branches") return null;
  if (place.kind === "join") return insertJoin(document, entry, step, isLink);
  const branch = entry.step.next.branches[place.branch];
  if (!branch) return null;
  const container = { step: place.step, branch: place.branch };
  const { way } = branch;
  const first = way.kind === "target" && !isLink ? { ...step, next: toTarget(way.target) } : step;
  return changeList(document, container, (steps) => [first, ...steps]);
}

function insertAfter(
  document: FlowDocument,
  entry: StepEntry,
  step: Step,
  isLink: boolean,
): FlowDocument | null {
  if (kindOf(entry.step) === "link") return null;
  const taken = isLink ? NONE : entry.step.next;
  return changeList(document, entry.container, (steps) =>
    steps.flatMap((each) =>
      each.key === entry.step.key
        ? [
            { ...each, next: NONE },
            { ...step, next: taken },
          ]
        : [each],
    ),
  );
}

function insertJoin(
  document: FlowDocument,
  entry: StepEntry,
  step: Step,
  isLink: boolean,
): FlowDocument {
  const following = successor(document, entry.step.key);
  const isLast = entry.position === entry.siblings.length - 1;
  const nested = entry.container !== null;
  const next = isLast && nested && !isLink ? toTarget(following.target) : NONE;
  const placed = changeList(following.document, entry.container, (steps) =>
    steps.flatMap((each) => (each.key === entry.step.key ? [each, { ...step, next }] : [each])),
  );
  const named = ensureId(placed, step.key);
  return changeStep(named.document, entry.step.key, (each) =>
    retargetBelow(each, (target) => (target === following.target ? named.id : target)),
  );
}

function retargetBelow(step: Step, change: (target: string) => string): Step {
  if (step.next.kind !== "branches") return step;
  const branches = step.next.branches.map((branch) =>
    branch.way.kind === "target"
      ? { ...branch, way: { kind: "target" as const, target: change(branch.way.target) } }
      : {
          ...branch,
          way: {
            kind: "steps" as const,
            steps: branch.way.steps.map((each) => retargetStep(each, change)),
          },
        },
  );
  return { ...step, next: { kind: "branches", branches } };
}

function retargetStep(step: Step, change: (target: string) => string): Step {
  if (step.next.kind === "target") return { ...step, next: toTarget(change(step.next.target)) };
  return retargetBelow(step, change);
}

/** Changes fields of a step; `undefined` removes one. References follow a changed id. */
export function setFields(
  document: FlowDocument,
  key: StepKey,
  change: Record<string, Json | undefined>,
): FlowDocument {
  const changesId = ["id", "action", "collect", "call", "link", "set_slots"].some(
    (name) => name in change,
  );
  const settled = changesId ? settleReferences(document) : document;
  const before = entryOf(settled, key);
  if (!before) return document;
  const changed = changeStep(settled, key, (step) => ({
    ...step,
    fields: patched(step.fields, change),
  }));
  const after = entryOf(changed, key);
  if (!("id" in change) || !after) return changed;
  return changeTargets(changed, (target) => (target === before.id ? after.id : target));
}

/** Changes keys of the flow itself: name, description, if … */
export function setHeader(
  document: FlowDocument,
  change: Record<string, Json | undefined>,
): FlowDocument {
  return { ...document, header: patched(document.header, change) };
}

function patched(fields: JsonObject, change: Record<string, Json | undefined>): JsonObject {
  const result = { ...fields };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) delete result[name];
    else result[name] = value;
  }
  return result;
}

/** What a step or a branch can lead to. */
export type Target =
  | { readonly kind: "step"; readonly key: StepKey }
  | { readonly kind: "end" }
  /** The step below it in the same list. Where there is none, the end of the flow. */
  | { readonly kind: "following" };

/** Reconnects a step that has no branches. */
export function setNext(document: FlowDocument, key: StepKey, target: Target): FlowDocument {
  const settled = settleReferences(document);
  const entry = entryOf(settled, key);
  if (!entry || entry.step.next.kind === "branches" || kindOf(entry.step) === "link")
    return document;
  const isLast = entry.position === entry.siblings.length - 1;
  if (target.kind === "following") {
    const mustSay = isLast && entry.container !== null;
    return changeStep(settled, key, (step) => ({ ...step, next: mustSay ? toTarget(END) : NONE }));
  }
  const resolved = resolve(settled, target);
  return changeStep(resolved.document, key, (step) => ({
    ...step,
    next: toTarget(resolved.target),
  }));
}

export function resolve(
  document: FlowDocument,
  target: Target,
): { document: FlowDocument; target: string } {
  if (target.kind !== "step") return { document, target: END };
  const named = ensureId(document, target.key);
  return { document: named.document, target: named.id };
}

/** Sends a branch that has no steps straight to another step. */
export function setBranchTarget(
  document: FlowDocument,
  key: StepKey,
  index: number,
  target: Target,
): FlowDocument {
  const settled = settleReferences(document);
  const resolved = target.kind === "following" ? successor(settled, key) : resolve(settled, target);
  return changeBranch(resolved.document, key, index, (branch) =>
    branch.way.kind === "target"
      ? { ...branch, way: { kind: "target", target: resolved.target } }
      : branch,
  );
}
