import type { Card, Point } from "./graph";
import type { DraftEdge } from "./layout-blocks";
import { END, type FlowDocument, kindOf, type Step } from "./model";
import { type FlowIndex, indexFlow } from "./walk";

/** Between a lane and what it passes. */
const LANE_GAP = 26;
const LANE_STEP = 14;
/** Two lines with less than this between their ends do not share a lane. */
const CLEARANCE = 12;
const ARROW = 7;

/** A way to a step that does not follow: from the card that says where it goes to the card of that step. */
export interface Jump {
  readonly from: string;
  readonly to: string;
  /** Reading positions of both ends. A branch that names its target stands just after its step. */
  readonly start: number;
  readonly target: number;
}

/** One end of a jump whose line has not yet met the line of the other end. */
export interface Port {
  readonly jump: Jump;
  readonly side: "start" | "target";
  /** From the card outwards; the line goes on from the last point. */
  readonly points: readonly Point[];
}

/** A card or a fan of branches in a list, with how far it reaches to the left of the axis. */
export interface Row {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
}

/** The id of the card that tells where a step, or one of its branches, goes. */
export function connectCard(step: string, branch?: number): string {
  return `connect:${step}${branch === undefined ? "" : `:${branch}`}`;
}

/** All jumps of a flow. A step or a branch that leads to what follows anyway, to the end or nowhere has none. */
export function jumpsOf(document: FlowDocument): Jump[] {
  const jumps: Jump[] = [];
  collectJumps(indexFlow(document), document.steps, null, jumps);
  return jumps;
}

function collectJumps(
  index: FlowIndex,
  steps: readonly Step[],
  continuation: string | null,
  jumps: Jump[],
): void {
  for (const [position, step] of steps.entries()) {
    const { next } = step;
    const entry = index.byKey.get(step.key);
    const following = steps[position + 1];
    const after = following ? (index.byKey.get(following.key)?.id ?? null) : continuation;
    if (!entry || kindOf(step) === "link") continue;
    const add = (target: string, start: number, branch?: number): void => {
      const to = index.byId.get(target);
      if (!to || target === after || target === END) return;
      const from = connectCard(step.key, branch);
      jumps.push({ from, to: to.step.key, start, target: to.index });
    };
    if (next.kind === "target") add(next.target, entry.index);
    if (next.kind !== "branches") continue;
    for (const [branch, { way }] of next.branches.entries()) {
      if (way.kind === "target") add(way.target, entry.index + 0.5, branch);
      else collectJumps(index, way.steps, after, jumps);
    }
  }
}

/** The ends of jumps at a card: lines leave and arrive at the middle of its left side. */
export function portsAt(card: Card, jumps: readonly Jump[]): Port[] {
  const y = card.y + card.height / 2;
  return jumps.flatMap((jump): Port[] => [
    ...(jump.from === card.id
      ? [{ jump, side: "start", points: [{ x: card.x, y }] } as const]
      : []),
    ...(jump.to === card.id
      ? [{ jump, side: "target", points: [{ x: card.x - ARROW, y }] } as const]
      : []),
  ]);
}

export function lastOf(port: Port): Point {
  return port.points.at(-1) ?? { x: 0, y: 0 };
}

/** Ends of the same jump side by side, the others alone. */
export function paired(ports: readonly Port[]): (readonly [Port, Port?])[] {
  const pairs = new Map<Jump, Port[]>();
  for (const port of ports) pairs.set(port.jump, [...(pairs.get(port.jump) ?? []), port]);
  return [...pairs.values()].flatMap(([one, other]) => (one ? [other ? [one, other] : [one]] : []));
}

/** The line of a jump, both of whose ends have come to the same lane or channel. */
export function joined(one: Port, other: Port): DraftEdge {
  const [start, target] = one.side === "start" ? [one, other] : [other, one];
  const points = [...start.points, ...target.points.toReversed()];
  const { from, to } = one.jump;
  const turn = lastOf(start);
  const middle = { x: (turn.x + lastOf(target).x) / 2, y: (turn.y + lastOf(target).y) / 2 };
  return { id: `${from}>${to}`, from, to, points, jump: true, place: null, middle };
}

interface Lane {
  readonly top: number;
  readonly bottom: number;
  readonly x: number;
}

/**
 * Gives the jumps of one list their lanes at its left: each as near as what it passes allows, short ones inside
 * long ones. `exit` says at which height a line leaves the list whose other end is elsewhere.
 */
export function routeInLanes(
  ports: readonly Port[],
  rows: readonly Row[],
  exit: (port: Port) => number,
): { edges: DraftEdge[]; ports: Port[]; left: number } {
  const lanes: Lane[] = [];
  const edges: DraftEdge[] = [];
  const open: Port[] = [];
  const ways = paired(ports).map(([one, other]) => ({
    one,
    other,
    heights: [lastOf(one).y, other ? lastOf(other).y : exit(one)] as const,
  }));
  const length = ({ heights: [start, end] }: (typeof ways)[number]) => Math.abs(start - end);
  for (const { one, other, heights } of ways.toSorted((a, b) => length(a) - length(b))) {
    const lane = freeLane(Math.min(...heights), Math.max(...heights), rows, lanes);
    lanes.push(lane);
    const turned = ledTo(one, { x: lane.x, y: heights[0] });
    if (other) edges.push(joined(turned, ledTo(other, { x: lane.x, y: heights[1] })));
    else open.push(ledTo(turned, { x: lane.x, y: heights[1] }));
  }
  return { edges, ports: open, left: Math.max(0, ...lanes.map(({ x }) => -x)) };
}

export function ledTo(port: Port, point: Point): Port {
  return { ...port, points: [...port.points, point] };
}

function freeLane(top: number, bottom: number, rows: readonly Row[], lanes: readonly Lane[]): Lane {
  const meets = (other: { top: number; bottom: number }) =>
    other.top <= bottom + CLEARANCE && other.bottom >= top - CLEARANCE;
  const passed = rows.filter(meets).map(({ left }) => -left - LANE_GAP);
  const beside = lanes.filter(meets).map(({ x }) => x - LANE_STEP);
  return { top, bottom, x: Math.min(0, ...passed, ...beside) };
}
