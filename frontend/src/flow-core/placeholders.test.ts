import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closest, openedBefore, partsOf, slotEndingAt, withSlot } from "./placeholders";

const text = fc
  .array(fc.constantFrom("{", "}", "{{", "}}", "{a}", "{}", "b", " ", "\n", "{c d}"), {
    maxLength: 8,
  })
  .map((pieces) => pieces.join(""));

describe("slots in texts", () => {
  it("loses nothing of a text", () => {
    fc.assert(
      fc.property(text, (each) => {
        expect(
          partsOf(each)
            .map((part) => part.text)
            .join(""),
        ).toBe(each);
      }),
    );
  });

  it("puts the slot where it was begun, and takes it back as a whole", () => {
    fc.assert(
      fc.property(fc.constantFrom("", "x ", "{a} "), fc.constantFrom("", " y"), (before, after) => {
        const typed = `${before}{am`;
        const done = withSlot(typed + after, typed.length, "amount");
        expect(done).toEqual({ text: `${before}{amount}${after}`, caret: before.length + 8 });
        expect(slotEndingAt(done.text, done.caret)).toEqual({
          from: before.length,
          to: done.caret,
        });
      }),
    );
  });

  it("knows what is open", () => {
    expect(openedBefore("{", 1)).toBe("");
    expect(openedBefore("a {am", 5)).toBe("am");
    expect(openedBefore("{{", 2)).toBeNull();
    expect(openedBefore("{a} b", 5)).toBeNull();
    expect(withSlot("to {a}", 5, "amount").text).toBe("to {amount}");
  });

  it("guesses what was meant", () => {
    const known = ["cuisine", "amount", "recipient"];
    expect(closest("cuisin", known)).toBe("cuisine");
    expect(closest("amuont", known)).toBe("amount");
    expect(closest("zzz", known)).toBeNull();
    expect(closest("a", ["b"])).toBeNull();
  });
});
