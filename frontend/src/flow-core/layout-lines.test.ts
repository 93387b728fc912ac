import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Card, Edge, FlowGraph, Point } from "./graph";
import type { JsonObject } from "./json";
import { layoutFlow } from "./layout";
import { parseFlow } from "./parse";
import { flowOfDepth } from "./testing/arbitrary-flow";

/** What a person sees of the lines: they neither touch strange cards nor lie on one another. */

function laidOut(body: JsonObject): FlowGraph {
  const document = parseFlow("f", body);
  if (!document) throw new Error("The flow has no steps to draw");
  return layoutFlow(document, {
    title: "Transfer money",
    branch: (branch) => String(branch.fields["if"] ?? "Else"),
  });
}

interface Segment {
  readonly one: Point;
  readonly other: Point;
}

interface Box {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The straight parts of a drawn path; the control point of each round corner is the corner. */
function segments(path: string): Segment[] {
  const points = [...path.matchAll(/([MLQ])([-\d. ]+)/g)].flatMap(
    ([, command, numbers], index, all) => {
      const [x = 0, y = 0] = (numbers ?? "").split(" ").map(Number);
      const ends = index === 0 || index === all.length - 1;
      return command === "Q" || ends ? [{ x, y }] : [];
    },
  );
  return points.slice(1).map((other, index) => ({ one: points[index] as Point, other }));
}

function touches({ one, other }: Segment, box: Box, margin: number): boolean {
  return (
    Math.min(one.x, other.x) < box.x + box.width + margin &&
    Math.max(one.x, other.x) > box.x - margin &&
    Math.min(one.y, other.y) < box.y + box.height + margin &&
    Math.max(one.y, other.y) > box.y - margin
  );
}

const NEAR = 4;
const RUNS = 200;

/** Whether two parallel segments run side by side so close that they read as one line. */
function liesOn(one: Segment, other: Segment): boolean {
  return along(one, other, "x", "y") || along(one, other, "y", "x");
}

function along(one: Segment, other: Segment, fixed: "x" | "y", free: "x" | "y"): boolean {
  if (one.one[fixed] !== one.other[fixed] || other.one[fixed] !== other.other[fixed]) return false;
  if (Math.abs(one.one[fixed] - other.one[fixed]) >= NEAR) return false;
  const start = Math.max(
    Math.min(one.one[free], one.other[free]),
    Math.min(other.one[free], other.other[free]),
  );
  const end = Math.min(
    Math.max(one.one[free], one.other[free]),
    Math.max(other.one[free], other.other[free]),
  );
  return end - start > NEAR;
}

function chipBoxes(graph: FlowGraph): (Box & { edge: (edge: Edge) => boolean })[] {
  return graph.chips.map((chip) => ({
    id: chip.id,
    x: chip.x - chip.width / 2,
    y: chip.y - 12,
    width: chip.width,
    height: 24,
    edge: ({ branch }) => branch?.step === chip.step && branch.branch === chip.branch,
  }));
}

const owns = (edge: Edge, card: Card) => edge.from === card.id || edge.to === card.id;

/** What reads wrong in a picture, in words. */
function faults(graph: FlowGraph): string[] {
  const chips = chipBoxes(graph);
  const lines = graph.edges.map((edge) => ({ edge, parts: segments(edge.path) }));
  return lines.flatMap(({ edge, parts }, index) => {
    const touched = (box: Box, margin: number) => parts.some((part) => touches(part, box, margin));
    // Lines that leave one card begin together, and lines to one card end together.
    const strange = lines
      .slice(index + 1)
      .filter(({ edge: { from, to } }) => edge.from !== from && edge.to !== to);
    const under = strange.filter((line) =>
      line.parts.some((one) => parts.some((other) => liesOn(one, other))),
    );
    return [
      ...graph.cards
        .filter((card) => touched(card, owns(edge, card) ? -1 : NEAR))
        .map(({ id }) => `${edge.id} touches ${id}`),
      ...chips
        .filter((chip) => !chip.edge(edge) && touched(chip, NEAR))
        .map(({ id }) => `${edge.id} touches ${id}`),
      ...under.map((line) => `${edge.id} lies on ${line.edge.id}`),
    ];
  });
}

/** One branch joins two steps further down, another goes back to a step inside a branch beside it. */
const JOIN_AND_LOOP: JsonObject = {
  steps: [
    {
      collect: "kind",
      next: [
        {
          if: "slots.kind = 1",
          then: [
            { id: "card", collect: "card" },
            { action: "utter_a", next: "done" },
          ],
        },
        { if: "slots.kind = 2", then: [{ action: "utter_b", next: "card" }] },
        { else: "sum" },
      ],
    },
    { id: "between", action: "utter_between" },
    { id: "sum", collect: "sum", next: [{ if: "slots.sum > 9", then: "card" }, { else: "done" }] },
    { id: "done", action: "utter_done", next: "card" },
  ],
};

describe("the lines of a flow", () => {
  it("touch no card or chip of others where branches join and loops go back into branches", () => {
    expect(faults(laidOut(JOIN_AND_LOOP))).toEqual([]);
  });

  it("touch no card or chip of others and do not lie on one another, in any flow", {
    timeout: 60_000,
  }, () => {
    for (const depth of [1, 2]) {
      const flows = fc.property(flowOfDepth(depth), (body) => {
        expect(faults(laidOut(body))).toEqual([]);
      });
      fc.assert(flows, { numRuns: RUNS });
    }
  });

  it("stay inside the bounds that Fit shows", () => {
    const flows = fc.property(flowOfDepth(2), (body) => {
      const { bounds, edges, cards, chips } = laidOut(body);
      const right = bounds.x + bounds.width;
      const bottom = bounds.y + bounds.height;
      for (const { one, other } of edges.flatMap((edge) => segments(edge.path))) {
        for (const { x, y } of [one, other]) {
          expect([x >= bounds.x - 0.1, x <= right + 0.1, y <= bottom + 0.1]).toEqual([
            true,
            true,
            true,
          ]);
        }
      }
      for (const card of cards) expect(card.x + card.width).toBeLessThanOrEqual(right + 0.1);
      for (const chip of chips) expect(chip.x + chip.width / 2).toBeLessThanOrEqual(right + 0.1);
    });
    fc.assert(flows);
  });
});
