import { describe, expect, it } from "vitest";
import { languageName } from "@/lib/language-name";
import { codeOf, LANGUAGE_CODES } from "./language-codes";

const choices = LANGUAGE_CODES.map((code) => {
  const name = languageName(code, "en");
  return { code, name, label: `${name} (${code})` };
});

describe("codeOf", () => {
  it("takes each offered language by name, label and code, whatever the capitals", () => {
    for (const { code, name, label } of choices)
      for (const spelling of [code, name, label])
        expect(codeOf(` ${spelling.toUpperCase()} `, choices)).toBe(code);
  });
  it("takes codes of one's own as they are typed", () => {
    expect(codeOf("x-en-formal", choices)).toBe("x-en-formal");
    expect(codeOf("tlh", choices)).toBe("tlh");
  });
  it.each(["", "x", "Klingon", "de DE", "-de", "de-", "de_AT"])("refuses %j", (typed) => {
    expect(codeOf(typed, choices)).toBeNull();
  });
});
