import { type Card, type Chip, logicCard } from "./graph";
import type { DraftEdge } from "./layout-blocks";
import type { FlowDocument } from "./model";
import { indexFlow } from "./walk";

const LANE_GAP = 26;
const LANE_STEP = 14;
const ARROW = 7;

interface Lane {
  top: number;
  bottom: number;
  x: number;
}

/** Draws the lines of jumps in lanes at the left of everything they pass, short ones inside long ones. */
export function routeJumps(
  document: FlowDocument,
  cards: readonly Card[],
  chips: readonly Chip[],
): DraftEdge[] {
  const byId = new Map(cards.map((card) => [card.id, card]));
  const { byId: steps } = indexFlow(document);
  const jumps = cards.flatMap((card) => {
    const target = card.target === undefined ? undefined : steps.get(card.target);
    const to = target && (byId.get(target.step.key) ?? byId.get(logicCard(target.step.key)));
    return to ? [{ from: card, to }] : [];
  });
  const lanes: Lane[] = [];
  return jumps
    .toSorted((one, other) => span(one) - span(other))
    .map(({ from, to }) => {
      const start = { x: from.x, y: from.y + from.height / 2 };
      const end = { x: to.x - ARROW, y: to.y + to.height / 2 };
      const x = laneBetween(start.y, end.y, cards, chips, lanes);
      return {
        id: `${from.id}>${to.id}`,
        from: from.id,
        to: to.id,
        points: [start, { x, y: start.y }, { x, y: end.y }, end],
        jump: true,
        place: null,
        middle: { x, y: (start.y + end.y) / 2 },
      };
    });
}

function span({ from, to }: { from: Card; to: Card }): number {
  return Math.abs(from.y - to.y);
}

function laneBetween(
  one: number,
  other: number,
  cards: readonly Card[],
  chips: readonly Chip[],
  lanes: Lane[],
): number {
  const top = Math.min(one, other);
  const bottom = Math.max(one, other);
  let x = Number.POSITIVE_INFINITY;
  for (const card of cards) {
    if (card.y <= bottom && card.y + card.height >= top) x = Math.min(x, card.x - LANE_GAP);
  }
  for (const chip of chips) {
    if (chip.y <= bottom && chip.y >= top) x = Math.min(x, chip.x - chip.width / 2 - LANE_GAP);
  }
  for (const lane of lanes) {
    if (lane.top <= bottom && lane.bottom >= top) x = Math.min(x, lane.x - LANE_STEP);
  }
  lanes.push({ top, bottom, x });
  return x;
}
