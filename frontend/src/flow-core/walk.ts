import type { Branch, FlowDocument, Step, StepKey } from "./model";
import { kindOf } from "./model";

/** The list a step stands in: the flow's own, or that of one branch. */
export type Container = { readonly step: StepKey; readonly branch: number } | null;

export interface StepEntry {
  readonly step: Step;
  /** The explicit id, or the default one the runtime gives. */
  readonly id: string;
  readonly explicit: boolean;
  /** Place in depth-first reading order, from 0. */
  readonly index: number;
  /** JSON pointer into the body of the flow. */
  readonly pointer: string;
  readonly container: Container;
  readonly position: number;
  readonly siblings: readonly Step[];
  readonly depth: number;
}

export interface FlowIndex {
  readonly entries: readonly StepEntry[];
  readonly byKey: ReadonlyMap<StepKey, StepEntry>;
  /** Of two steps with one id (an error) the first wins. */
  readonly byId: ReadonlyMap<string, StepEntry>;
}

const indexes = new WeakMap<FlowDocument, FlowIndex>();

/** All steps of a flow in reading order, found by key and by id. Computed once per document. */
export function indexFlow(document: FlowDocument): FlowIndex {
  const known = indexes.get(document);
  if (known) return known;
  const entries: StepEntry[] = [];
  collect(
    document.flowId,
    document.steps,
    { container: null, pointer: "/steps", depth: 0 },
    entries,
  );
  const byKey = new Map(entries.map((entry) => [entry.step.key, entry]));
  const byId = new Map(entries.toReversed().map((entry) => [entry.id, entry]));
  const index = { entries, byKey, byId };
  indexes.set(document, index);
  return index;
}

interface ListPlace {
  container: Container;
  pointer: string;
  depth: number;
}

function collect(
  flowId: string,
  steps: readonly Step[],
  place: ListPlace,
  entries: StepEntry[],
): void {
  for (const [position, step] of steps.entries()) {
    const pointer = `${place.pointer}/${position}`;
    const explicit = typeof step.fields["id"] === "string" && step.fields["id"] !== "";
    const index = entries.length;
    const id = explicit ? String(step.fields["id"]) : `${flowId}_${index}_${idPostfix(step)}`;
    entries.push({
      step,
      id,
      explicit,
      index,
      pointer,
      container: place.container,
      position,
      siblings: steps,
      depth: place.depth,
    });
    if (step.next.kind !== "branches") continue;
    for (const [branch, { role, way }] of step.next.branches.entries()) {
      if (way.kind !== "steps") continue;
      const inner = {
        container: { step: step.key, branch },
        pointer: `${pointer}/next/${branch}/${role === "else" ? "else" : "then"}`,
        depth: place.depth + 1,
      };
      collect(flowId, way.steps, inner, entries);
    }
  }
}

/** The last part of a default step id, as the runtime writes it. */
function idPostfix(step: Step): string {
  const { fields } = step;
  switch (kindOf(step)) {
    case "message":
    case "action":
      return String(fields["action"]);
    case "collect":
      return `collect_${String(fields["collect"])}`;
    case "link":
      return `link_${String(fields["link"])}`;
    case "call":
      return `call_${String(fields["call"])}`;
    case "set_slots":
      return "set_slots";
    default:
      return "noop";
  }
}

/** The step a JSON pointer lies in (the deepest one), such as that of a problem. */
export function stepAtPointer(document: FlowDocument, pointer: string): StepEntry | null {
  let deepest: StepEntry | null = null;
  for (const entry of indexFlow(document).entries) {
    if (pointer === entry.pointer || pointer.startsWith(`${entry.pointer}/`)) deepest = entry;
  }
  return deepest;
}

/** Every place that names a step: `next` of steps and the ways of branches, with the step it belongs to. */
export function references(document: FlowDocument): { from: StepKey; target: string }[] {
  return indexFlow(document).entries.flatMap(({ step }) => {
    if (step.next.kind === "target") return [{ from: step.key, target: step.next.target }];
    if (step.next.kind !== "branches") return [];
    return step.next.branches.flatMap(({ way }) =>
      way.kind === "target" ? [{ from: step.key, target: way.target }] : [],
    );
  });
}

/** The branch by which a step leads to another one, both by id; null where none does. */
export function branchBetween(document: FlowDocument, from: string, to: string): Branch | null {
  const { byId, byKey } = indexFlow(document);
  const next = byId.get(from)?.step.next;
  if (next?.kind !== "branches") return null;
  const arrives = ({ way }: Branch): boolean => {
    if (way.kind === "target") return way.target === to;
    const first = way.steps[0];
    return first !== undefined && byKey.get(first.key)?.id === to;
  };
  return next.branches.find(arrives) ?? null;
}
