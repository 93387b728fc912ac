import type { JsonObject } from "@/api/types";
import type { Progress } from "@/components/flow-canvas/canvas-state";
import { type FlowGraph, logicCard, START_CARD, wayBetween } from "@/flow-core/graph";
import type { Json } from "@/flow-core/json";
import { END, type FlowDocument, kindOf, textField } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";
import { placeOf, type TrackerEvent } from "./tracker";

interface Course {
  graph: FlowGraph;
  document: FlowDocument;
  /** Ids of the steps gone through, in order. */
  steps: readonly string[];
  waitingAt: string | null;
  events: readonly TrackerEvent[];
  slots: JsonObject;
  say: (value: Json) => string;
}

/** What a conversation lights up on the canvas of one flow. */
export function progressOf({
  graph,
  document,
  steps,
  waitingAt,
  events,
  slots,
  say,
}: Course): Progress {
  const { byId } = indexFlow(document);
  const cards = steps.flatMap((step) => byId.get(step)?.step.key ?? []);
  const passed = new Set<string>([START_CARD]);
  const edges = new Set<string>();
  let before = START_CARD;
  for (const card of cards) {
    const way = card === before ? null : wayBetween(graph, before, card);
    for (const edge of way?.edges ?? []) edges.add(edge);
    for (const each of way?.cards ?? [card]) passed.add(each);
    before = card;
  }
  const ended = steps.at(-1) === END && waitingAt === null;
  if (ended) lightTheEnd(graph, before, passed, edges);
  const waiting = waitingAt === null ? undefined : byId.get(waitingAt)?.step.key;
  const values = new Map<string, string>();
  for (const key of new Set(cards)) {
    if (key === waiting) continue;
    const text = valueAt(document, key, events, slots, say);
    if (text) values.set(key, text);
  }
  return { passed, edges, current: waiting ?? null, values };
}

function lightTheEnd(
  graph: FlowGraph,
  from: string,
  passed: Set<string>,
  edges: Set<string>,
): void {
  for (const start of [from, logicCard(from)]) {
    const edge = graph.edges.find((each) => each.from === start && each.to.startsWith("end:"));
    if (!edge || graph.edges.filter((each) => each.from === start).length > 1) continue;
    passed.add(edge.to);
    edges.add(edge.id);
  }
}

/** "amount = 250" at the step that collected it, "has_funds = yes" at the action that found it out. */
function valueAt(
  document: FlowDocument,
  key: string,
  events: readonly TrackerEvent[],
  slots: JsonObject,
  say: (value: Json) => string,
): string | null {
  const entry = indexFlow(document).byKey.get(key);
  if (!entry) return null;
  if (kindOf(entry.step) === "collect") {
    const slot = textField(entry.step, "collect");
    const value = slots[slot];
    return value === undefined || value === null ? null : `${slot} = ${say(value)}`;
  }
  if (kindOf(entry.step) !== "action") return null;
  const set = events.findLast((event) => {
    const place = placeOf(event);
    return event.event === "slot" && place?.flow === document.flowId && place.step === entry.id;
  });
  return set?.name && set.value !== null && set.value !== undefined
    ? `${set.name} = ${say(set.value)}`
    : null;
}
