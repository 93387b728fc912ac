import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isObject, type Json } from "@/flow-core/json";
import { DATA_FORMS, dataText, readData } from "./custom-data";

/** What YAML and JSON are made of, in any order. */
const TOKENS = [
  ..."[]{}|>#'\"\t\n,:?%\0🙂a1",
  ...[": ", "- ", "\n  ", "&x ", "*x", "!!set ", "<<: ", ".inf", "---\n", "null", "__proto__"],
];
const TEXTS = fc
  .array(fc.constantFrom(...TOKENS), { maxLength: 20 })
  .map((tokens) => tokens.join(""));

describe("custom data", () => {
  it("come back as they were, keys in their order, in both forms", () => {
    const maps = fc
      .dictionary(fc.string(), fc.jsonValue())
      // JavaScript knows no -0 in JSON, and keeps this name for itself.
      .map((value) => JSON.parse(JSON.stringify(value)) as Json)
      .filter((value) => !JSON.stringify(value).includes("__proto__"));
    fc.assert(
      fc.property(maps, fc.constantFrom(...DATA_FORMS), (value, form) => {
        const read = readData(dataText(value, form), form);
        expect("value" in read && JSON.stringify(read.value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it("never throw, whatever is typed", () => {
    fc.assert(
      fc.property(TEXTS, fc.constantFrom(...DATA_FORMS), (text, form) => {
        const read = readData(text, form);
        if ("value" in read) expect(read.value === undefined || isObject(read.value)).toBe(true);
        else expect(read.line).toBeGreaterThan(0);
      }),
    );
  });

  it("say at which line they cannot be read", () => {
    expect(readData("a: 1\nb: [1\nc: 2\n", "yaml")).toMatchObject({ problem: "unread", line: 3 });
    expect(readData('{\n  "a": 1,\n}', "json")).toMatchObject({ problem: "unread", line: 3 });
    expect(readData("- a\n", "yaml")).toMatchObject({ problem: "noMap" });
    expect(readData("a: .inf\n", "yaml")).toMatchObject({ problem: "unread" });
    expect(readData("  \n", "yaml")).toEqual({ value: undefined });
    expect(readData("on: yes\n", "yaml")).toEqual({ value: { on: "yes" } });
  });
});
