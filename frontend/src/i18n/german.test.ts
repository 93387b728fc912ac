import { describe, expect, test } from "vitest";
import { de } from "./german";
import { en } from "./resources";

interface Texts {
  [key: string]: string | Texts;
}

function flat(texts: Texts, above = ""): Map<string, string> {
  return new Map(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === "string"
        ? [[`${above}${key}`, value] as const]
        : [...flat(value, `${above}${key}.`)],
    ),
  );
}

/** What a sentence is filled with: `{{name}}` and the elements that are drawn around parts of it. */
function parts(text: string): string[] {
  return (text.match(/{{[^}]+}}|<\/?\w+>/g) ?? []).sort();
}

describe("German says all that English says", () => {
  const english = flat(en);
  const german = flat(de);
  test("with the same keys", () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
  });
  test("with the same values in its sentences", () => {
    const wrong = [...english].filter(
      ([key, text]) => parts(german.get(key) ?? "").join() !== parts(text).join(),
    );
    expect(wrong).toEqual([]);
  });
  test("and leaves nothing empty", () => {
    expect([...german].filter(([, text]) => text.trim() === "")).toEqual([]);
  });
});
