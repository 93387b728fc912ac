import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "./json";
import { bothExamples, bothVariations } from "./keep-both";
import { mergeBodies } from "./merge";

const variations = (base: Json, mine: Json, theirs: Json) =>
  bothVariations(mergeBodies(base, mine, theirs));
const examples = (base: Json, mine: Json, theirs: Json) =>
  bothExamples(mergeBodies(base, mine, theirs));

describe("bothVariations", () => {
  it("keeps both wordings, mine first, in the place of the one they come from", () => {
    const [before, after] = [{ text: "Good evening." }, { text: "Good night." }];
    expect(
      variations(
        [before, { text: "Hello." }, after],
        [before, { text: "Hello there." }, after],
        [before, { text: "Hi." }, after],
      ),
    ).toEqual([before, { text: "Hello there." }, { text: "Hi." }, after]);
  });

  it("gives both what only one side changed", () => {
    const buttons = [{ title: "Yes", payload: "/yes" }];
    expect(
      variations(
        [{ text: "Sure?" }, { text: "Really?" }],
        [{ text: "Are you sure?", buttons }, { text: "Really?" }],
        [{ text: "Quite sure?" }, { text: "Really so?" }],
      ),
    ).toEqual([
      { text: "Are you sure?", buttons },
      { text: "Quite sure?", buttons },
      { text: "Really so?" },
    ]);
  });

  it("doubles every variation that both changed, and what is said in another language or by a button", () => {
    const of = (text: string, de: string, title: string) => [
      { text, buttons: [{ title, payload: "/a" }] },
      { text: "Fixed.", translation: { de } },
    ];
    expect(variations(of("a", "x", "One"), of("a", "y", "Two"), of("a", "z", "Three"))).toEqual([
      { text: "a", buttons: [{ title: "Two", payload: "/a" }] },
      { text: "a", buttons: [{ title: "Three", payload: "/a" }] },
      { text: "Fixed.", translation: { de: "y" } },
      { text: "Fixed.", translation: { de: "z" } },
    ]);
  });

  it("leaves the name to the first of the two", () => {
    const named = (text: string) => [{ id: "morning", text }];
    expect(variations(named("a"), named("b"), named("c"))).toEqual([
      { id: "morning", text: "b" },
      { text: "c" },
    ]);
  });

  it("is not for a variation that one side deleted, for a new order of all, or for what is not said", () => {
    const [a, b, c] = [{ text: "a" }, { text: "b" }, { text: "c" }];
    expect(variations([a, b], [a], [a, c])).toBeNull();
    expect(variations([a, b], [a, c], [a])).toBeNull();
    expect(variations([a, b, c], [b, a, c], [c, b, a])).toBeNull();
    const rephrased = (rephrase: boolean | string) => [{ text: "a", metadata: { rephrase } }];
    expect(variations(rephrased(false), rephrased(true), rephrased("maybe"))).toBeNull();
  });

  it("is not for what merges by itself, nor for anything but lists", () => {
    expect(variations([{ text: "a" }], [{ text: "b" }], [{ text: "a" }])).toBeNull();
    expect(variations({ text: "a" }, { text: "b" }, { text: "c" })).toBeNull();
    expect(variations("a", "b", "c")).toBeNull();
  });

  it("loses no wording of either side", () => {
    const texts = fc.uniqueArray(fc.constantFrom(..."abcdefgh"), { minLength: 1, maxLength: 3 });
    const body = (list: string[]): Json => list.map((text) => ({ text }));
    fc.assert(
      fc.property(texts, texts, texts, (base, mine, theirs) => {
        const both = variations(body(base), body(mine), body(theirs));
        if (both === null) return;
        const kept = both.map((each) => (each as { text: string }).text);
        for (const text of [...mine, ...theirs])
          if (!base.includes(text)) expect(kept).toContain(text);
      }),
    );
  });
});

describe("bothExamples", () => {
  it("keeps both forms of a line", () => {
    const of = (...lines: string[]) => ({
      synonym: "savings",
      examples: lines.map((line) => `- ${line}\n`).join(""),
    });
    expect(
      examples(of("piggy bank", "pot"), of("piggybank", "pot"), of("piggy-bank", "pot", "jar")),
    ).toEqual(of("piggybank", "piggy-bank", "pot", "jar"));
  });

  it("keeps both forms of an entry of a list", () => {
    const of = (...list: string[]) => ({ lookup: "city", examples: list });
    expect(examples(of("Bonn", "Rom"), of("Bon", "Rom"), of("Bonne", "Roma"))).toEqual(
      of("Bon", "Bonne", "Roma"),
    );
  });

  it("is not for the name of the list", () => {
    const of = (synonym: string) => ({ synonym, examples: "- a\n" });
    expect(examples(of("a"), of("b"), of("c"))).toBeNull();
    expect(examples("a", "b", "c")).toBeNull();
  });
});
