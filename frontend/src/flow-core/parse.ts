import { isObject, type Json, type JsonObject } from "./json";
import type { Branch, FlowDocument, Next, Step, Way } from "./model";

/**
 * Reads the value of `flows.<id>` as parsed from YAML. Returns null if there is no list of steps to draw;
 * such a flow can only be mended as text. Odd parts deeper inside are kept verbatim.
 */
export function parseFlow(flowId: string, body: JsonObject): FlowDocument | null {
  const { steps, ...header } = body;
  let count = 0;
  const parsed = parseSteps(steps, () => {
    count += 1;
    return `step-${count}`;
  });
  if (parsed === null) return null;
  return { flowId, header, order: Object.keys(body), steps: parsed };
}

type NewKey = () => string;

function parseSteps(value: Json | undefined, newKey: NewKey): Step[] | null {
  if (!Array.isArray(value) || !value.every(isObject)) return null;
  return value.map((raw) => parseStep(raw, newKey));
}

function parseStep(raw: JsonObject, newKey: NewKey): Step {
  const { next, ...fields } = raw;
  const key = newKey();
  return { key, fields, next: parseNext(next, newKey), order: Object.keys(raw) };
}

function parseNext(value: Json | undefined, newKey: NewKey): Next {
  if (value === undefined) return { kind: "none" };
  if (typeof value === "string") return { kind: "target", target: value };
  if (Array.isArray(value) && value.length > 0) {
    const branches = value.map((raw) => parseBranch(raw, newKey));
    if (branches.every((branch) => branch !== null)) return { kind: "branches", branches };
  }
  return { kind: "other", value };
}

function parseBranch(raw: Json, newKey: NewKey): Branch | null {
  if (!isObject(raw)) return null;
  if (Object.hasOwn(raw, "else") && !Object.hasOwn(raw, "if") && !Object.hasOwn(raw, "then")) {
    const { else: otherwise, ...fields } = raw;
    const way = parseWay(otherwise, newKey);
    return way && { role: "else", fields, way };
  }
  if (!Object.hasOwn(raw, "if") || Object.hasOwn(raw, "else")) return null;
  const { then, ...fields } = raw;
  const way = parseWay(then, newKey);
  return way && { role: "if", fields, way };
}

function parseWay(value: Json | undefined, newKey: NewKey): Way | null {
  if (typeof value === "string") return { kind: "target", target: value };
  const steps = parseSteps(value, newKey);
  return steps && steps.length > 0 ? { kind: "steps", steps } : null;
}

/** The body to store. What was not edited is equal to what was read, key for key. */
export function serialiseFlow(document: FlowDocument): JsonObject {
  const steps = document.steps.map(serialiseStep);
  return inOrder({ ...document.header, steps }, document.order);
}

/** One step as it would be written, with everything below it. */
export function serialiseStep(step: Step): JsonObject {
  const next = serialiseNext(step.next);
  return inOrder(next === undefined ? step.fields : { ...step.fields, next }, step.order);
}

function serialiseNext(next: Next): Json | undefined {
  switch (next.kind) {
    case "none":
      return undefined;
    case "target":
      return next.target;
    case "other":
      return next.value;
    case "branches":
      return next.branches.map(serialiseBranch);
  }
}

function serialiseBranch(branch: Branch): JsonObject {
  const way =
    branch.way.kind === "target" ? branch.way.target : branch.way.steps.map(serialiseStep);
  return branch.role === "else" ? { ...branch.fields, else: way } : { ...branch.fields, then: way };
}

/** Known keys first, as they were written; new ones after them. */
function inOrder(value: JsonObject, order: readonly string[]): JsonObject {
  const ordered: JsonObject = {};
  for (const key of order) {
    const member = value[key];
    if (member !== undefined) ordered[key] = member;
  }
  for (const [key, member] of Object.entries(value)) ordered[key] = member;
  return ordered;
}
