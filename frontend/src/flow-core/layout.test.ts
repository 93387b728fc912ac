import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Card, type FlowGraph, neighbour, START_CARD, wayBetween } from "./graph";
import type { JsonObject } from "./json";
import { layoutFlow } from "./layout";
import { parseFlow } from "./parse";
import { arbitraryFlow } from "./testing/arbitrary-flow";

function laidOut(body: JsonObject): FlowGraph {
  const document = parseFlow("f", body);
  if (!document) throw new Error("The flow has no steps to draw");
  return layoutFlow(document, {
    title: "Transfer money",
    branch: (branch) => String(branch.fields["if"] ?? "Else"),
  });
}

function overlaps(one: Card, other: Card): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

const TRANSFER: JsonObject = {
  steps: [
    { id: "recipient", collect: "recipient" },
    { id: "amount", collect: "amount" },
    {
      id: "funds",
      action: "action_check_funds",
      next: [
        { if: "not slots.has_funds", then: [{ id: "poor", action: "utter_poor", next: "amount" }] },
        { else: [{ id: "risk", set_slots: [{ risk: "low" }], next: "confirm" }] },
      ],
    },
    {
      id: "confirm",
      collect: "confirmation",
      next: [{ if: "slots.confirmation", then: "sent" }, { else: "END" }],
    },
    { id: "sent", action: "utter_sent" },
  ],
};

describe("layoutFlow", () => {
  it("never lets two cards overlap, and gives each its own id", () => {
    fc.assert(
      fc.property(arbitraryFlow, (body) => {
        const { cards } = laidOut(body);
        expect(new Set(cards.map((card) => card.id)).size).toBe(cards.length);
        for (const [index, card] of cards.entries()) {
          for (const other of cards.slice(index + 1)) {
            if (overlaps(card, other)) throw new Error(`${card.id} overlaps ${other.id}`);
          }
        }
      }),
    );
  });

  it("draws edges between cards that exist, from above to below but for jumps", () => {
    fc.assert(
      fc.property(arbitraryFlow, (body) => {
        const { cards, edges } = laidOut(body);
        const byId = new Map(cards.map((card) => [card.id, card]));
        expect(new Set(edges.map((edge) => edge.id)).size).toBe(edges.length);
        for (const edge of edges) {
          const from = byId.get(edge.from);
          const to = byId.get(edge.to);
          if (!from || !to) throw new Error(`${edge.id} has loose ends`);
          if (!edge.jump) expect(to.y).toBeGreaterThan(from.y + from.height);
        }
      }),
    );
  });

  it("merges branches above the step they share and leads jumps back at the left", () => {
    const { cards, edges } = laidOut(TRANSFER);
    expect(cards.map((card) => card.kind)).toEqual([
      "start",
      "collect",
      "collect",
      "action",
      "logic",
      "message",
      "connect",
      "set_slots",
      "collect",
      "logic",
      "end",
      "message",
      "end",
    ]);
    const jump = edges.find((edge) => edge.jump);
    expect(jump).toMatchObject({ from: "connect:step-4", to: "step-2" });
    expect(edges.filter((edge) => edge.to === "step-6").map((edge) => edge.from)).toEqual([
      "step-5",
    ]);
    expect(edges.find((edge) => edge.to === "step-7")).toMatchObject({
      from: "step-6:logic",
      branch: { branch: 0 },
    });
  });

  it("walks along the edges by arrow keys and finds the way between two steps", () => {
    const graph = laidOut(TRANSFER);
    expect(neighbour(graph, START_CARD, "down")).toBe("step-1");
    expect(neighbour(graph, "step-3", "down")).toBe("step-3:logic");
    expect(neighbour(graph, "step-4", "right")).toBe("step-5");
    expect(neighbour(graph, "step-5", "up")).toBe("step-3:logic");
    expect(neighbour(graph, START_CARD, "up")).toBeNull();
    expect(wayBetween(graph, "step-3", "step-6")?.cards).toEqual([
      "step-3",
      "step-3:logic",
      "step-5",
      "step-6",
    ]);
    expect(wayBetween(graph, "step-6", "step-1")).toBeNull();
  });

  it("lays out 300 steps in less than 50 ms", () => {
    const steps = Array.from({ length: 60 }, (_, number) => ({
      id: `s${number}`,
      action: "utter_a",
      next: [
        {
          if: "slots.a",
          then: [
            { action: "utter_b" },
            { action: "utter_c", next: number < 59 ? `s${number + 1}` : "END" },
          ],
        },
        { else: [{ collect: "x" }, { action: "utter_d", next: "END" }] },
      ],
    }));
    laidOut({ steps });
    const began = performance.now();
    const { cards } = laidOut({ steps });
    expect(performance.now() - began).toBeLessThan(50);
    expect(cards.length).toBeGreaterThan(300);
  });
});
