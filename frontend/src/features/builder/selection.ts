import { type Card, type FlowGraph, logicCard, START_CARD } from "@/flow-core/graph";
import { type FlowDocument, kindOf, type StepKey } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";

/** What the side panel is about. */
export type Selection =
  | { readonly kind: "start" }
  | { readonly kind: "step"; readonly key: StepKey }
  /** The branches after a step. */
  | { readonly kind: "logic"; readonly key: StepKey }
  /** Where a step, or one of its empty branches, goes next. */
  | { readonly kind: "next"; readonly key: StepKey; readonly branch?: number };

/** The value of `?step=`: START, a step id, `<id>:logic`, `<id>:next` or `<id>:next:<branch>`. */
export function readSelection(document: FlowDocument, value: string | undefined): Selection | null {
  if (!value) return null;
  if (value === START_CARD) return { kind: "start" };
  const [id = "", part, branch] = value.split(":");
  const entry = indexFlow(document).byId.get(id);
  if (!entry) return null;
  const { key } = entry.step;
  if (part === "next")
    return { kind: "next", key, ...(branch === undefined ? {} : { branch: Number(branch) }) };
  if (part === "logic" || isPoint(document, key)) return { kind: "logic", key };
  return { kind: "step", key };
}

export function writeSelection(
  document: FlowDocument,
  selection: Selection | null,
): string | undefined {
  if (!selection) return undefined;
  if (selection.kind === "start") return START_CARD;
  const id = indexFlow(document).byKey.get(selection.key)?.id;
  if (id === undefined) return undefined;
  if (selection.kind === "step" || (selection.kind === "logic" && isPoint(document, selection.key)))
    return id;
  if (selection.kind === "logic") return `${id}:logic`;
  return selection.branch === undefined ? `${id}:next` : `${id}:next:${selection.branch}`;
}

export function nameOf(selection: Selection): string {
  return selection.kind === "start" ? "start" : `${selection.kind} ${selection.key}`;
}

export const sameSelection = (one: Selection, other: Selection) => nameOf(one) === nameOf(other);

/** A branching point that is nothing else. */
function isPoint(document: FlowDocument, key: StepKey): boolean {
  const step = indexFlow(document).byKey.get(key)?.step;
  return step !== undefined && step.next.kind === "branches" && kindOf(step) === "noop";
}

export function selectionOfCard(card: Card): Selection | null {
  if (card.kind === "start") return { kind: "start" };
  if (card.step === null) return null;
  if (card.kind === "logic") return { kind: "logic", key: card.step };
  if (card.kind === "connect" || card.kind === "end") {
    return {
      kind: "next",
      key: card.step,
      ...(card.branch === undefined ? {} : { branch: card.branch }),
    };
  }
  return { kind: "step", key: card.step };
}

export function cardOfSelection(
  graph: FlowGraph,
  document: FlowDocument,
  selection: Selection | null,
): string | null {
  if (!selection) return null;
  if (selection.kind === "start") return START_CARD;
  if (selection.kind === "step") return selection.key;
  if (selection.kind === "logic")
    return isPoint(document, selection.key) ? selection.key : logicCard(selection.key);
  const found = graph.cards.find(
    (card) =>
      (card.kind === "connect" || card.kind === "end") &&
      card.step === selection.key &&
      card.branch === selection.branch,
  );
  return found?.id ?? null;
}
