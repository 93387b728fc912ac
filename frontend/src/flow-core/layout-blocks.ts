import type { Place } from "./edit";
import type { Card, Chip, Edge, Point } from "./graph";
import type { Branch } from "./model";

const GAP = 22;
const BELOW_LOGIC = 52;
const FAN_OUT = 12;
const CHIP_BELOW_LOGIC = 32;
const MERGE_GAP = 30;
const MERGE_ABOVE = 14;
const COLUMN_GAP = 28;

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
}

export const NOTHING: Block = {
  left: 0,
  right: 0,
  height: 0,
  cards: [],
  chips: [],
  edges: [],
  loose: [],
};

/** Where a branch's first line comes from, until its column is put below the branching card. */
export const INCOMING = "";

export interface Column {
  readonly block: Block;
  /** Width of the chip on its line. */
  readonly chip: number;
}

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

function shifted(block: Block, x: number, y: number): Block {
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
  };
}

/** Puts the columns of all branches side by side below the branching card, which stays in their middle. */
export function fanOut(
  above: Block,
  origin: string,
  step: string,
  branches: readonly Branch[],
  columns: readonly Column[],
): Block {
  const axes = axesOf(columns);
  const top = above.height + BELOW_LOGIC;
  const root = { x: 0, y: above.height };
  const placed = columns.map(({ block }, index) => {
    const x = axes[index] ?? 0;
    return attached(shifted(block, x, top), origin, root, x);
  });
  const chips = columns.map(
    ({ chip }, index): Chip => ({
      id: `${step}:branch:${index}`,
      step,
      branch: index,
      role: branches[index]?.role ?? "if",
      x: axes[index] ?? 0,
      y: above.height + CHIP_BELOW_LOGIC,
      width: chip,
    }),
  );
  return {
    left: Math.max(
      above.left,
      ...columns.map(({ block }, index) => block.left - (axes[index] ?? 0)),
    ),
    right: Math.max(
      above.right,
      ...columns.map(({ block }, index) => block.right + (axes[index] ?? 0)),
    ),
    height: top + Math.max(0, ...columns.map(({ block }) => block.height)),
    cards: [...above.cards, ...placed.flatMap((block) => block.cards)],
    chips: [...above.chips, ...chips, ...placed.flatMap((block) => block.chips)],
    edges: [...above.edges, ...placed.flatMap((block) => block.edges)],
    loose: placed.flatMap((block) => block.loose),
  };
}

/** The x of each column: as close as they fit, with the middle of the outer two at 0. */
function axesOf(columns: readonly Column[]): number[] {
  const axes: number[] = [];
  let edge = 0;
  for (const [index, { block }] of columns.entries()) {
    const axis = index === 0 ? 0 : edge + COLUMN_GAP + block.left;
    axes.push(axis);
    edge = axis + block.right;
  }
  const centre = ((axes[0] ?? 0) + (axes.at(-1) ?? 0)) / 2;
  return axes.map((axis) => axis - centre);
}

/** Ties the line at the top of a column to the branching card. */
function attached(block: Block, origin: string, root: Point, x: number): Block {
  const turn = root.y + FAN_OUT;
  const head = [root, { x: root.x, y: turn }, { x, y: turn }];
  return {
    ...block,
    edges: block.edges.map((edge) =>
      edge.from === INCOMING
        ? {
            ...edge,
            id: `${origin}${edge.id}`,
            from: origin,
            points: [...head, ...edge.points],
            middle: { x, y: Math.max(edge.middle.y, root.y + BELOW_LOGIC - 4) },
          }
        : edge,
    ),
    loose: block.loose.map((line) =>
      line.from === INCOMING ? { ...line, from: origin, points: [...head, ...line.points] } : line,
    ),
  };
}
