import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "./json";
import { parseFlow, serialiseFlow } from "./parse";
import { arbitraryFlow } from "./testing/arbitrary-flow";
import { branchBetween, indexFlow, stepAtPointer } from "./walk";

function parsed(body: JsonObject) {
  const document = parseFlow("transfer_money", body);
  if (!document) throw new Error("The flow has no steps to draw");
  return document;
}

describe("parseFlow and serialiseFlow", () => {
  it("are inverse to each other", () => {
    fc.assert(
      fc.property(arbitraryFlow, (body) => {
        expect(serialiseFlow(parsed(body))).toEqual(body);
      }),
    );
  });

  it("keep the order of keys, unknown keys and odd shapes", () => {
    const body = {
      steps: [
        { next: "END", collect: "amount", strange: { a: [1, null] } },
        { action: "utter_x", next: [{ if: "slots.a", then: [] }, { otherwise: 1 }] },
        { next: 5, noop: true },
      ],
      description: "d",
      mystery: true,
    };
    expect(JSON.stringify(serialiseFlow(parsed(body)))).toBe(JSON.stringify(body));
  });

  it("has nothing to draw without a list of steps", () => {
    expect(parseFlow("x", { description: "d" })).toBeNull();
    expect(parseFlow("x", { steps: { a: 1 } })).toBeNull();
    expect(parseFlow("x", { steps: ["text"] })).toBeNull();
  });
});

describe("default ids and pointers", () => {
  const document = parsed({
    description: "d",
    steps: [
      { collect: "recipient" },
      {
        noop: true,
        next: [
          { if: "slots.a", then: [{ id: "own", action: "utter_no", next: "END" }] },
          { else: [{ set_slots: [{ a: 1 }] }, { link: "other" }] },
        ],
      },
      { action: "action_check" },
    ],
  });

  it("count depth first and name the kind", () => {
    expect(indexFlow(document).entries.map((entry) => entry.id)).toEqual([
      "transfer_money_0_collect_recipient",
      "transfer_money_1_noop",
      "own",
      "transfer_money_3_set_slots",
      "transfer_money_4_link_other",
      "transfer_money_5_action_check",
    ]);
  });

  it("know the branch by which one leads to another", () => {
    const from = "transfer_money_1_noop";
    expect(branchBetween(document, from, "own")?.fields).toEqual({ if: "slots.a" });
    expect(branchBetween(document, from, "transfer_money_3_set_slots")?.role).toBe("else");
    expect(branchBetween(document, from, "transfer_money_5_action_check")).toBeNull();
    expect(branchBetween(document, "own", "END")).toBeNull();
  });

  it("find the step of a problem", () => {
    expect(stepAtPointer(document, "/steps/1/next/1/else/0/set_slots")?.id).toBe(
      "transfer_money_3_set_slots",
    );
    expect(stepAtPointer(document, "/steps/1/next/0/if")?.id).toBe("transfer_money_1_noop");
    expect(stepAtPointer(document, "/description")).toBeNull();
  });
});
