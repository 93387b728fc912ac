import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  markAt,
  overlapped,
  readExample,
  retyped,
  rounded,
  sameWords,
  segmentsOf,
  trimmed,
  withMark,
  withoutMark,
  writeExample,
} from "./nlu";

const words = fc.constantFrom(
  "a",
  "card",
  " ",
  "é",
  "[",
  "]",
  "(",
  "{",
  '"',
  "[x](y)",
  '[x]{"entity": "y", "role": "z"}',
  "[x](y:z)",
  "[x]{bad}",
);
const written = fc.array(words, { maxLength: 8 }).map((parts) => parts.join(""));

describe("examples of nlu.yml", () => {
  it("are read as words and marks, and written as they were", () => {
    const text = 'from [debit](card) to [savings card]{"role": "to", "entity": "card"} please';
    const example = readExample(text);
    expect(example.text).toBe("from debit to savings card please");
    expect(example.marks.map(({ entity, role }) => [entity, role])).toEqual([
      ["card", undefined],
      ["card", "to"],
    ]);
    expect(writeExample(example)).toBe(text);
  });

  it("come back as they were, whatever stands in them", () => {
    fc.assert(
      fc.property(written, (text) => {
        // What is no entity loses its brackets, as it does when it is learned.
        const example = readExample(text);
        const again = readExample(writeExample(example));
        expect(rounded(again.text)).toBe(rounded(example.text));
        expect(again.marks.map(({ start, end, entity }) => [start, end, entity])).toEqual(
          example.marks.map(({ start, end, entity }) => [start, end, entity]),
        );
      }),
    );
  });

  it("keep their marks while words are typed around them", () => {
    const example = readExample("block my [credit](kind) card");
    expect(writeExample(retyped(example, "please block my credit card"))).toBe(
      "please block my [credit](kind) card",
    );
    expect(writeExample(retyped(example, "block my debit card"))).toBe(
      "block my [debit](kind) card",
    );
    expect(writeExample(retyped(example, "block my card"))).toBe("block my card");
  });

  it("never lose or double a letter by typing", () => {
    fc.assert(
      fc.property(written, fc.string({ maxLength: 12 }), (text, next) => {
        const typed = retyped(readExample(text), next);
        expect(typed.text).toBe(next);
        expect(
          segmentsOf(typed)
            .map((part) => part.text)
            .join(""),
        ).toBe(next);
        for (const mark of typed.marks) expect(mark.start).toBeLessThan(mark.end);
      }),
    );
  });

  it("are marked with what is said of the words", () => {
    const plain = readExample("move it to savings card");
    const marked = withMark(plain, {
      start: 11,
      end: 23,
      entity: "card",
      role: "to",
      value: "savings",
    });
    expect(writeExample(marked)).toBe(
      'move it to [savings card]{"entity":"card","role":"to","value":"savings"}',
    );
    const [mark] = marked.marks;
    if (!mark) throw new Error("nothing is marked");
    expect(markAt(marked.marks, 12, 14)).toBe(mark);
    expect(overlapped(marked.marks, 8, 14)).toBe(mark);
    expect(overlapped(marked.marks, 8, 23)).toBeUndefined();
    expect(writeExample(withoutMark(marked, mark))).toBe("move it to savings card");
  });

  it("are compared by what they teach", () => {
    expect(sameWords("My  [card](x)")).toBe(sameWords('my [CARD]{"entity": "x"}'));
    expect(sameWords("my [card](x)")).not.toBe(sameWords("my card"));
  });

  it("are chosen without blanks", () => {
    expect(trimmed("a card b", 1, 7)).toEqual([2, 6]);
    expect(trimmed("a  b", 1, 3)).toEqual([1, 1]);
  });
});
