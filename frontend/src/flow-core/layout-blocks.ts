import type { Place } from "./edit";
import type { Card, Chip, Edge, Point } from "./graph";
import { type Port, type Row, routeInLanes } from "./layout-jumps";

const GAP = 22;
/** From the top of a chip to the top of its column. */
export const CHIP_ROOM = 32;
const MERGE_GAP = 30;
const MERGE_ABOVE = 14;

/** An edge that may still be moved about. */
export interface DraftEdge extends Omit<Edge, "path"> {
  readonly points: readonly Point[];
}

/** A line that has left a card and has not yet reached the next one. */
export interface Line {
  readonly from: string;
  /** Where it has turned so far; it hangs from the last point. */
  readonly points: readonly Point[];
  readonly place: Place | null;
  readonly branch?: { readonly step: string; readonly branch: number };
}

/** A laid out part. Coordinates are relative to its axis (x = 0) and its top. */
export interface Block {
  readonly left: number;
  readonly right: number;
  readonly height: number;
  readonly cards: readonly Card[];
  readonly chips: readonly Chip[];
  readonly edges: readonly DraftEdge[];
  /** Lines that go on below the block. */
  readonly loose: readonly Line[];
  /** Ends of jumps that still have to be led to their other ends. */
  readonly ports: readonly Port[];
  readonly rows: readonly Row[];
}

export const NOTHING: Block = {
  left: 0,
  right: 0,
  height: 0,
  cards: [],
  chips: [],
  edges: [],
  loose: [],
  ports: [],
  rows: [],
};

/** Where a branch's first line comes from, until its column is put below the branching card. */
export const INCOMING = "";

/** Puts a block below another one and lets all loose lines end at its first card. */
export function stack(above: Block, block: Block): Block {
  const [first] = block.cards;
  const top = above.height + gapBelow(above);
  const moved = shifted(block, 0, top);
  const edges = first ? above.loose.map((line) => landed(line, first.id, { x: 0, y: top })) : [];
  return {
    left: Math.max(above.left, block.left),
    right: Math.max(above.right, block.right),
    height: top + block.height,
    cards: [...above.cards, ...moved.cards],
    chips: [...above.chips, ...moved.chips],
    edges: [...above.edges, ...edges, ...moved.edges],
    loose: moved.loose,
    ports: [...above.ports, ...moved.ports],
    rows: [...above.rows, ...moved.rows],
  };
}

function gapBelow(above: Block): number {
  if (above.cards.length === 0) return 0;
  const straight = above.loose.length <= 1 && above.loose.every((line) => end(line).x === 0);
  return straight ? GAP : MERGE_GAP;
}

function end(line: Line): Point {
  return line.points.at(-1) ?? { x: 0, y: 0 };
}

function landed(line: Line, to: string, target: Point): DraftEdge {
  const hanging = end(line);
  const turn = target.y - MERGE_ABOVE;
  const rest =
    hanging.x === target.x
      ? [target]
      : [{ x: hanging.x, y: turn }, { x: target.x, y: turn }, target];
  const next = rest[0] ?? target;
  return {
    id: `${line.from}>${to}${line.branch ? `#${line.branch.branch}` : ""}`,
    from: line.from,
    to,
    points: [...line.points, ...rest],
    jump: false,
    place: line.place,
    middle: { x: hanging.x, y: (hanging.y + next.y) / 2 },
    ...(line.branch ? { branch: line.branch } : {}),
  };
}

export function shifted(block: Block, x: number, y: number): Block {
  const point = (each: Point): Point => ({ x: each.x + x, y: each.y + y });
  return {
    ...block,
    cards: block.cards.map((card) => ({ ...card, x: card.x + x, y: card.y + y })),
    chips: block.chips.map((chip) => ({ ...chip, x: chip.x + x, y: chip.y + y })),
    edges: block.edges.map((edge) => ({
      ...edge,
      points: edge.points.map(point),
      middle: point(edge.middle),
    })),
    loose: block.loose.map((line) => ({ ...line, points: line.points.map(point) })),
    ports: block.ports.map((port) => ({ ...port, points: port.points.map(point) })),
    rows: block.rows.map((row) => ({
      top: row.top + y,
      bottom: row.bottom + y,
      left: row.left - x,
    })),
  };
}

/** Where the line of a jump leaves a column: above it or below it. */
export type ExitOf = (port: Port) => "top" | "bottom";

/** Leads the jumps of a finished list to one another, or to where they leave it. */
export function withLanes(block: Block, exitOf: ExitOf): Block {
  const { edges, ports, left } = routeInLanes(block.ports, block.rows, (port) =>
    exitOf(port) === "top" ? -CHIP_ROOM : block.height,
  );
  return {
    ...block,
    left: Math.max(block.left, left),
    edges: [...block.edges, ...edges],
    ports,
  };
}
