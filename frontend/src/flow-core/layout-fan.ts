import type { Chip, Point } from "./graph";
import {
  type Block,
  CHIP_ROOM,
  type DraftEdge,
  type ExitOf,
  INCOMING,
  shifted,
} from "./layout-blocks";
import { joined, lastOf, ledTo, type Port, paired } from "./layout-jumps";
import type { Branch } from "./model";

const FAN_OUT = 12;
const BUS_TO_CHIP = 8;
const CHIP_HEIGHT = 24;
const COLUMN_GAP = 28;
/** Between the lines of jumps that run across a fan, above its chips and below its columns. */
const CHANNEL_STEP = 12;
/** Two lines nearer than this do not run at one height. */
const CLEARANCE = 12;

export interface Column {
  readonly block: Block;
  /** Width of the chip on its line. */
  readonly chip: number;
}

export interface Branching {
  readonly origin: string;
  readonly step: string;
  readonly branches: readonly Branch[];
  readonly exitOf: ExitOf;
}

/**
 * Puts the columns of all branches side by side below the branching card, which stays in their middle. Jumps
 * between columns, into them and out of them run above the chips or below the columns.
 */
export function fanOut(above: Block, columns: readonly Column[], branching: Branching): Block {
  const axes = axesOf(columns);
  const inPlace = columns.map(({ block }, index) => shifted(block, axes[index] ?? 0, 0));
  const ports = inPlace.flatMap((block) => block.ports);
  const leaving = (side: "top" | "bottom") =>
    levelled(ports.filter((port) => branching.exitOf(port) === side));
  const over = leaving("top");
  const under = leaving("bottom");

  const root = { x: 0, y: above.height };
  const chipTop = root.y + FAN_OUT + BUS_TO_CHIP + over.count * CHANNEL_STEP;
  const top = chipTop + CHIP_ROOM;
  const bottom = top + Math.max(0, ...columns.map(({ block }) => block.height));
  const overAt = (level: number) => chipTop - BUS_TO_CHIP - level * CHANNEL_STEP;
  const underAt = (level: number) => bottom + (level + 1) * CHANNEL_STEP;
  const crossing = [over.crossings(overAt, top), under.crossings(underAt, top)];

  const placed = inPlace.map((block, index) =>
    attached(shifted(block, 0, top), branching.origin, root, axes[index] ?? 0),
  );
  const left = Math.max(...columns.map(({ block }, index) => block.left - (axes[index] ?? 0)));
  const right = Math.max(...columns.map(({ block }, index) => block.right + (axes[index] ?? 0)));
  const height = bottom + under.count * CHANNEL_STEP;
  return {
    left: Math.max(above.left, left),
    right: Math.max(above.right, right),
    height,
    cards: [...above.cards, ...placed.flatMap((block) => block.cards)],
    chips: [
      ...above.chips,
      ...chipsOf(columns, axes, chipTop + CHIP_HEIGHT / 2, branching),
      ...placed.flatMap((block) => block.chips),
    ],
    edges: [
      ...above.edges,
      ...placed.flatMap((block) => block.edges),
      ...crossing.flatMap(({ edges }) => edges),
    ],
    loose: placed.flatMap((block) => block.loose),
    ports: [...above.ports, ...crossing.flatMap(({ open }) => open)],
    rows: [...above.rows, { top: above.height, bottom: height, left }],
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

function chipsOf(
  columns: readonly Column[],
  axes: readonly number[],
  y: number,
  { step, branches }: Branching,
): Chip[] {
  return columns.map(
    ({ chip }, index): Chip => ({
      id: `${step}:branch:${index}`,
      step,
      branch: index,
      role: branches[index]?.role ?? "if",
      x: axes[index] ?? 0,
      y,
      width: chip,
    }),
  );
}

interface Levels {
  /** How many lines lie above one another. */
  readonly count: number;
  /** Leads each jump across, at the height of its level; `shift` is how far its column moves down. */
  readonly crossings: (
    heightOf: (level: number) => number,
    shift: number,
  ) => { edges: DraftEdge[]; open: Port[] };
}

/** Gives the lines across a fan levels, from the columns outwards, such that no two lie on one another. */
function levelled(ports: readonly Port[]): Levels {
  const ends: number[] = [];
  const ways = paired(ports)
    .map(([one, other]) => {
      const xs = [lastOf(one).x, other ? lastOf(other).x : Number.NEGATIVE_INFINITY];
      return { one, other, from: Math.min(...xs), to: Math.max(...xs) };
    })
    .toSorted((a, b) => a.to - b.to)
    .map(({ one, other, from, to }) => {
      const free = ends.findIndex((end) => end + CLEARANCE < from);
      const level = free === -1 ? ends.length : free;
      ends[level] = to;
      return { one, other, level };
    });
  return {
    count: ends.length,
    crossings: (heightOf, shift) => {
      const edges: DraftEdge[] = [];
      const open: Port[] = [];
      for (const { one, other, level } of ways) {
        const y = heightOf(level);
        const turned = (port: Port) => ledTo(lowered(port, shift), { x: lastOf(port).x, y });
        if (other) edges.push(joined(turned(one), turned(other)));
        else open.push(turned(one));
      }
      return { edges, open };
    },
  };
}

function lowered(port: Port, shift: number): Port {
  return { ...port, points: port.points.map(({ x, y }) => ({ x, y: y + shift })) };
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
          }
        : edge,
    ),
    loose: block.loose.map((line) =>
      line.from === INCOMING ? { ...line, from: origin, points: [...head, ...line.points] } : line,
    ),
  };
}
