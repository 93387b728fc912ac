import type { Place } from "./edit";
import {
  type Card,
  type CardKind,
  type Chip,
  type FlowGraph,
  logicCard,
  START_CARD,
} from "./graph";
import {
  type Block,
  CHIP_ROOM,
  type DraftEdge,
  type ExitOf,
  INCOMING,
  type Line,
  NOTHING,
  stack,
  withLanes,
} from "./layout-blocks";
import { type Column, fanOut } from "./layout-fan";
import { connectCard, type Jump, jumpsOf, portsAt } from "./layout-jumps";
import { type Branch, END, type FlowDocument, kindOf, type Step } from "./model";
import { orthogonalPath } from "./path";
import { stepsBelow } from "./structure";
import { indexFlow } from "./walk";

/** Sizes of the cards and the distances between them, in canvas units. */
export const STEP_WIDTH = 216;
export const STEP_HEIGHT = 54;
const LOGIC = { width: 188, height: 42 };
const NOOP = { width: 216, height: 42 };
const CONNECT = { width: 228, height: 38 };
const END_CARD = { width: 92, height: 36 };
const START_HEIGHT = 36;
export const CHIP_WIDEST = 206;

export interface LayoutTexts {
  /** The name on the start card. */
  title: string;
  /** The sentence on a branch; its length decides the room it gets. */
  branch: (branch: Branch) => string;
}

/**
 * Lays a flow out as a tidy tree: lists run down, branches fan out side by side and come together above the step
 * they share. Linear in the number of steps.
 */
export function layoutFlow(document: FlowDocument, texts: LayoutTexts): FlowGraph {
  const start = startBlock(texts.title);
  const layout = new Layout(document, texts);
  const list = layout.list(document.steps, null, start, { kind: "start" });
  const { cards, chips, edges } = withLanes(list, () => "top");
  return {
    cards,
    chips,
    edges: edges
      .toSorted((one, other) => Number(one.jump) - Number(other.jump))
      .map(({ points, ...edge }) => ({ ...edge, path: orthogonalPath(points) })),
    bounds: boundsOf(cards, chips, edges),
  };
}

function boundsOf(
  cards: readonly Card[],
  chips: readonly Chip[],
  edges: readonly DraftEdge[],
): FlowGraph["bounds"] {
  let [left, right, bottom] = [0, 0, 0];
  const widen = (from: number, to: number, low: number): void => {
    left = Math.min(left, from);
    right = Math.max(right, to);
    bottom = Math.max(bottom, low);
  };
  for (const card of cards) widen(card.x, card.x + card.width, card.y + card.height);
  for (const chip of chips) widen(chip.x - chip.width / 2, chip.x + chip.width / 2, chip.y);
  for (const { points } of edges) for (const { x, y } of points) widen(x, x, y);
  return { x: left, y: 0, width: right - left, height: bottom };
}

function startBlock(title: string): Block {
  const width = Math.max(120, Math.min(230, 58 + title.length * 7.6));
  const card = makeCard(START_CARD, "start", null, { width, height: START_HEIGHT });
  const line = {
    from: START_CARD,
    points: [{ x: 0, y: START_HEIGHT }],
    place: { kind: "start" } as const,
  };
  return { ...blockOf(card), loose: [line] };
}

function makeCard(
  id: string,
  kind: CardKind,
  step: string | null,
  size: { width: number; height: number },
): Card {
  return { id, kind, step, x: -size.width / 2, y: 0, ...size };
}

function blockOf(card: Card, jumps: readonly Jump[] = []): Block {
  return {
    ...NOTHING,
    left: card.width / 2,
    right: card.width / 2,
    height: card.height,
    cards: [card],
    ports: portsAt(card, jumps),
    rows: [{ top: 0, bottom: card.height, left: card.width / 2 }],
  };
}

class Layout {
  private readonly index;
  private readonly texts: LayoutTexts;
  /** The jumps that leave or reach a card. */
  private readonly jumps = new Map<string, Jump[]>();

  constructor(document: FlowDocument, texts: LayoutTexts) {
    this.index = indexFlow(document);
    this.texts = texts;
    for (const jump of jumpsOf(document)) {
      for (const end of [jump.from, jump.to])
        this.jumps.set(end, [...(this.jumps.get(end) ?? []), jump]);
    }
  }

  private block(card: Card): Block {
    return blockOf(card, this.jumps.get(card.id));
  }

  private id(step: Step): string {
    return this.index.byKey.get(step.key)?.id ?? "";
  }

  /** A list below `above`; `continuation` is the id of the step that follows after it, if any. */
  list(steps: readonly Step[], continuation: string | null, above: Block, place: Place): Block {
    let block = above;
    const nested = place.kind === "branch";
    for (const [position, step] of steps.entries()) {
      const following = steps[position + 1];
      const after = following ? this.id(following) : continuation;
      block = stack(block, this.card(step));
      block = this.leave(block, step, following !== undefined, after, nested);
    }
    if (steps.length === 0 && !nested) block = stack(block, endBlock(START_CARD));
    return block;
  }

  private card(step: Step): Block {
    const kind = kindOf(step);
    if (step.next.kind === "branches" && kind === "noop")
      return this.block(makeCard(step.key, "logic", step.key, LOGIC));
    const shown = kind === "unknown" ? "noop" : kind;
    return this.block(
      makeCard(
        step.key,
        shown,
        step.key,
        shown === "noop" ? NOOP : { width: STEP_WIDTH, height: STEP_HEIGHT },
      ),
    );
  }

  /** Adds what leads away from the step whose card was put last. */
  private leave(
    block: Block,
    step: Step,
    followed: boolean,
    after: string | null,
    nested: boolean,
  ): Block {
    const place: Place = { kind: "after", step: step.key };
    const hanging = (part: Block): Block => ({
      ...part,
      loose: [below(step.key, part.height, place)],
    });
    if (kindOf(step) === "link") return { ...block, loose: [] };
    if (step.next.kind === "branches") return this.branches(block, step, step.next.branches, after);
    if (step.next.kind === "target")
      return this.towards(hanging(block), step.next.target, step.key, after);
    if (followed || step.next.kind === "other") return hanging(block);
    return nested ? { ...block, loose: [] } : stack(hanging(block), endBlock(step.key));
  }

  /** A line to a named step: down to the one that follows, else to a card that says where it goes. */
  private towards(
    block: Block,
    target: string,
    from: string,
    after: string | null,
    branch?: number,
  ): Block {
    if (target === after) return block;
    if (target === END) return stack(block, endBlock(from, branch));
    const card = {
      ...makeCard(connectCard(from, branch), "connect", from, CONNECT),
      target,
      ...(branch === undefined ? {} : { branch }),
    };
    return stack(block, this.block(card));
  }

  private branches(
    above: Block,
    step: Step,
    branches: readonly Branch[],
    after: string | null,
  ): Block {
    let block = above;
    let origin = step.key;
    if (kindOf(step) !== "noop") {
      origin = logicCard(step.key);
      const line = below(step.key, above.height, { kind: "after", step: step.key });
      block = stack(
        { ...above, loose: [line] },
        blockOf(makeCard(origin, "logic", step.key, LOGIC)),
      );
    }
    const exitOf = this.exitOf(step);
    const columns = branches.map((branch, index) => {
      const column = this.column(step, branch, index, after);
      return { ...column, block: withLanes(column.block, exitOf) };
    });
    return fanOut(block, columns, { origin, step: step.key, branches, exitOf });
  }

  /** A jump leaves the branches of a step below them if its other end stands after all of them. */
  private exitOf(step: Step): ExitOf {
    const after = (this.index.byKey.get(step.key)?.index ?? 0) + stepsBelow(step).length + 1;
    return ({ jump, side }) =>
      (side === "start" ? jump.target : jump.start) >= after ? "bottom" : "top";
  }

  /** One branch below its chip, with the line that comes from above still loose at the top. */
  private column(step: Step, branch: Branch, index: number, after: string | null): Column {
    const chip = Math.min(CHIP_WIDEST, 24 + this.texts.branch(branch).length * 6.6);
    const place = { kind: "branch", step: step.key, branch: index } as const;
    const top: Block = {
      ...NOTHING,
      left: chip / 2,
      right: chip / 2,
      rows: [{ top: -CHIP_ROOM, bottom: 0, left: chip / 2 }],
      loose: [
        {
          from: INCOMING,
          points: [{ x: 0, y: 0 }],
          place,
          branch: { step: step.key, branch: index },
        },
      ],
    };
    const block =
      branch.way.kind === "target"
        ? this.towards(top, branch.way.target, step.key, after, index)
        : this.list(branch.way.steps, after, top, place);
    return { block, chip };
  }
}

function below(from: string, y: number, place: Place): Line {
  return { from, points: [{ x: 0, y }], place };
}

function endBlock(from: string, branch?: number): Block {
  const id = `end:${from}${branch === undefined ? "" : `:${branch}`}`;
  const step = from === START_CARD ? null : from;
  const card = {
    ...makeCard(id, "end", step, END_CARD),
    ...(branch === undefined ? {} : { branch }),
  };
  return { ...blockOf(card), loose: [] };
}
