import type { Place } from "./edit";
import type { StepKey, StepKind } from "./model";

/** What is drawn: every step, and what belongs to the picture but is not stored (start, end, jumps, branching). */
export type CardKind = "start" | "end" | "connect" | "logic" | Exclude<StepKind, "unknown">;

export interface Card {
  readonly id: string;
  readonly kind: CardKind;
  /** The step it stands for or hangs on; null for the start. */
  readonly step: StepKey | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Of a jump: the id of the step it leads to. */
  readonly target?: string;
  /** The branch an end or a jump stands in, when no step comes before it there. */
  readonly branch?: number;
}

export interface Chip {
  readonly id: string;
  readonly step: StepKey;
  readonly branch: number;
  readonly role: "if" | "else";
  /** Its middle. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export interface Edge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
  /** Only the line of a jump has an arrow head. */
  readonly jump: boolean;
  /** The branch whose chip sits on it. */
  readonly branch?: { readonly step: StepKey; readonly branch: number };
  /** Where a step added on this line goes; null where nothing can be added. */
  readonly place: Place | null;
  /** The point for the + of the line. */
  readonly middle: Point;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface FlowGraph {
  readonly cards: readonly Card[];
  readonly chips: readonly Chip[];
  readonly edges: readonly Edge[];
  readonly bounds: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  };
}

export const START_CARD = "START";

/** The card of the branches after a step, where the step has a card of its own. */
export const logicCard = (step: StepKey): string => `${step}:logic`;

export type Direction = "up" | "down" | "left" | "right";

/** The card one comes to by an arrow key: along the edges up and down, to siblings left and right. */
export function neighbour(graph: FlowGraph, from: string, direction: Direction): string | null {
  const cards = new Map(graph.cards.map((card) => [card.id, card]));
  const here = cards.get(from);
  if (!here) return null;
  const forward = graph.edges.filter((edge) => !edge.jump);
  const byPlace = (ids: string[]) =>
    ids
      .flatMap((id) => cards.get(id) ?? [])
      .sort(
        (one, other) =>
          Math.abs(middle(one) - middle(here)) - Math.abs(middle(other) - middle(here)),
      );
  if (direction === "down") {
    return (
      byPlace(forward.filter((edge) => edge.from === from).map((edge) => edge.to))[0]?.id ?? null
    );
  }
  if (direction === "up") {
    return (
      byPlace(forward.filter((edge) => edge.to === from).map((edge) => edge.from))[0]?.id ?? null
    );
  }
  const sign = direction === "left" ? -1 : 1;
  const level = graph.cards.filter(
    (card) => Math.abs(card.y - here.y) < here.height && (middle(card) - middle(here)) * sign > 1,
  );
  return byPlace(level.map((card) => card.id))[0]?.id ?? null;
}

function middle(card: Card): number {
  return card.x + card.width / 2;
}

/** The edges and cards of the shortest way between two cards; null if there is none. Jumps count as steps. */
export function wayBetween(
  graph: FlowGraph,
  from: string,
  to: string,
): { edges: string[]; cards: string[] } | null {
  const arrived = new Map<string, Edge | null>([[from, null]]);
  const queue = [from];
  for (let here = queue.shift(); here !== undefined; here = queue.shift()) {
    for (const edge of graph.edges) {
      if (edge.from !== here || arrived.has(edge.to)) continue;
      arrived.set(edge.to, edge);
      if (edge.to === to) return trace(arrived, to);
      queue.push(edge.to);
    }
  }
  return null;
}

function trace(
  arrived: ReadonlyMap<string, Edge | null>,
  to: string,
): { edges: string[]; cards: string[] } {
  const edges: string[] = [];
  const cards = [to];
  for (let edge = arrived.get(to); edge; edge = arrived.get(edge.from)) {
    edges.unshift(edge.id);
    cards.unshift(edge.from);
  }
  return { edges, cards };
}
