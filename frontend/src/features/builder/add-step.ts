import { addStep, isEndOfPath, type Place, setBranchTarget, setNext } from "@/flow-core/edit";
import { addLogic } from "@/flow-core/edit-remove";
import type { JsonObject } from "@/flow-core/json";
import { type FlowDocument, kindOf } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";
import type { Selection } from "./selection";

/** What the + menu offers, in its order. */
export const ADDABLE = [
  "message",
  "collect",
  "action",
  "logic",
  "set_slots",
  "link",
  "call",
  "connect",
] as const;
export type Addable = (typeof ADDABLE)[number];

const FIELDS: Record<Exclude<Addable, "logic" | "connect">, JsonObject> = {
  message: { action: "utter_" },
  collect: { collect: "" },
  action: { action: "" },
  set_slots: { set_slots: [] },
  link: { link: "" },
  call: { call: "" },
};

/** A flow needs a step, so a new one has a step that does nothing; the first real one takes its place. */
function ready(document: FlowDocument, place: Place): { document: FlowDocument; place: Place } {
  const [only, second] = document.steps;
  const isPlaceholder =
    only !== undefined &&
    second === undefined &&
    kindOf(only) === "noop" &&
    only.next.kind !== "branches" &&
    Object.keys(only.fields).length === 1;
  return isPlaceholder
    ? { document: { ...document, steps: [] }, place: { kind: "start" } }
    : { document, place };
}

/** Links and jumps end a path, so they are offered only where nothing follows. */
export function canAdd(drawn: FlowDocument, at: Place, kind: Addable): boolean {
  const { document, place } = ready(drawn, at);
  if (kind === "logic" && place.kind === "after") {
    return indexFlow(document).byKey.get(place.step)?.step.next.kind !== "branches";
  }
  if (kind === "connect") {
    return (place.kind === "after" || place.kind === "branch") && isEndOfPath(document, place);
  }
  return kind !== "link" || isEndOfPath(document, place);
}

/** Adds a step of the kind; says what to select then. */
export function addAt(
  drawn: FlowDocument,
  at: Place,
  kind: Addable,
): { document: FlowDocument; selection: Selection | null } {
  const { document, place } = ready(drawn, at);
  if (kind === "logic") {
    const added = addLogic(document, place);
    return { document: added.document, selection: { kind: "logic", key: added.key } };
  }
  if (kind === "connect") return connect(document, place);
  const added = addStep(document, place, FIELDS[kind]);
  return { document: added.document, selection: { kind: "step", key: added.key } };
}

/** A jump leads to the first step until another one is chosen. */
function connect(
  document: FlowDocument,
  place: Place,
): { document: FlowDocument; selection: Selection | null } {
  const first = document.steps[0];
  if (!first || place.kind === "start" || place.kind === "join")
    return { document, selection: null };
  const target = { kind: "step", key: first.key } as const;
  if (place.kind === "branch") {
    return {
      document: setBranchTarget(document, place.step, place.branch, target),
      selection: { kind: "next", key: place.step, branch: place.branch },
    };
  }
  return {
    document: setNext(document, place.step, target),
    selection: { kind: "next", key: place.step },
  };
}
