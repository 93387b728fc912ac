import { describe, expect, it } from "vitest";
import type { MergeConflict } from "@/api/branches";
import { decided, joined, resolutionOf, withEdit } from "./decisions";

const conflict = (fields: Partial<MergeConflict>) =>
  ({
    kind: "flow",
    key: "pay",
    pointer: ["description"],
    step: null,
    field: "description",
    mine_by: null,
    theirs_by: null,
    ...fields,
  }) as MergeConflict;

describe("a decision", () => {
  const asked = conflict({ base: "pay", mine: "pay now", theirs: "pay a friend" });

  it("is a side, or what was made of its words", () => {
    expect(decided(asked, { side: "before" })).toBe("pay");
    expect(decided(asked, { side: "theirs", edited: "pay friends" })).toBe("pay friends");
    expect(resolutionOf(asked, { side: "mine" })).toEqual({
      kind: "flow",
      key: "pay",
      pointer: ["description"],
      side: "mine",
    });
    expect(resolutionOf(asked, { side: "mine", edited: "" })).toMatchObject({
      side: "edited",
      value: "",
    });
  });

  it("is no edit when the words are those of the side again", () => {
    expect(withEdit(asked, { side: "mine", edited: "x" }, "pay now")).toEqual({ side: "mine" });
  });

  it("of nothing is nothing", () => {
    expect(decided(conflict({ base: "pay", theirs: "p" }), { side: "mine" })).toBeUndefined();
  });
});

describe("joined", () => {
  it("puts two texts or two lists together, and nothing else", () => {
    expect(joined(conflict({ base: "pay", mine: "pay now", theirs: "just pay" }))).toBe(
      "just pay now",
    );
    expect(joined(conflict({ base: [1], mine: [1, 2], theirs: [1, 3] }))).toEqual([1, 2, 3]);
    expect(joined(conflict({ base: "pay", mine: "pay now" }))).toBeUndefined();
    expect(joined(conflict({ base: 1, mine: 2, theirs: 3 }))).toBeUndefined();
  });
});
