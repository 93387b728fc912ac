import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addedWords, joinedTexts } from "./words";

const text = fc
  .array(fc.constantFrom("how", "much", "{amount}", "euros", "?", ", ", " ", "\n", "über"))
  .map((words) => words.join(""));

describe("addedWords", () => {
  it("marks what is new", () => {
    expect(addedWords("How much?", "How much, in euros?")).toEqual([
      { text: "How much", added: false },
      { text: ", in euros", added: true },
      { text: "?", added: false },
    ]);
  });

  it("keeps every character, and marks nothing of an equal text", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const pieces = addedWords(before, after);
        expect(pieces.map((piece) => piece.text).join("")).toBe(after);
        expect(addedWords(after, after).some((piece) => piece.added)).toBe(false);
      }),
    );
  });
});

describe("joinedTexts", () => {
  it("joins changes at different places word by word", () => {
    const joined = joinedTexts("Pay somebody now", "Pay a friend now", "Pay somebody right now");
    expect(joined).toBe("Pay a friend right now");
  });

  it("puts two texts about the same words one after the other", () => {
    expect(joinedTexts("one", "two", "three")).toBe("two three");
    expect(joinedTexts("one\n", "two\n", "three\n")).toContain("two\n");
  });

  it("is the changed one where only one was changed", () => {
    fc.assert(
      fc.property(text, text, (base, other) => {
        expect(joinedTexts(base, base, other)).toBe(other);
        expect(joinedTexts(base, other, base)).toBe(other);
      }),
    );
  });
});
