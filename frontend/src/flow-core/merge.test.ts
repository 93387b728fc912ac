import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mergeBodies } from "./merge";
import { arbitraryFlow } from "./testing/arbitrary-flow";

const base = { name: "a", description: "d", steps: [{ collect: "x" }, { action: "utter_y" }] };

describe("mergeBodies", () => {
  it("joins changes of different fields and steps in silence", () => {
    const mine = {
      ...base,
      name: "mine",
      steps: [{ collect: "x", description: "mine" }, { action: "utter_y" }],
    };
    const theirs = {
      ...base,
      description: "theirs",
      steps: [{ collect: "x" }, { action: "utter_z" }],
    };
    expect(mergeBodies(base, mine, theirs)).toEqual({
      body: {
        name: "mine",
        description: "theirs",
        steps: [{ collect: "x", description: "mine" }, { action: "utter_z" }],
      },
      conflicts: [],
    });
  });

  it("names the field both changed, and keeps mine until someone decides", () => {
    const { body, conflicts } = mergeBodies(
      base,
      { ...base, name: "mine" },
      { ...base, name: "theirs" },
    );
    expect(body["name"]).toBe("mine");
    expect(conflicts).toEqual([{ pointer: "/name", mine: "mine", theirs: "theirs" }]);
  });

  it("sees a clash when both change the number of steps", () => {
    const mine = { ...base, steps: [{ collect: "x" }] };
    const theirs = { ...base, steps: [...base.steps, { action: "utter_z" }] };
    expect(mergeBodies(base, mine, theirs).conflicts.map((conflict) => conflict.pointer)).toEqual([
      "/steps",
    ]);
  });

  it("takes the other side whole when this one changed nothing, and the reverse", () => {
    fc.assert(
      fc.property(arbitraryFlow, arbitraryFlow, (one, other) => {
        expect(mergeBodies(one, one, other)).toEqual({ body: other, conflicts: [] });
        expect(mergeBodies(one, other, one)).toEqual({ body: other, conflicts: [] });
      }),
    );
  });
});
