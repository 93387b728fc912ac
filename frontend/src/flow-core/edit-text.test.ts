import { describe, expect, it } from "vitest";
import { setAtPointer } from "./edit-text";
import type { JsonObject } from "./json";
import { parseFlow, serialiseFlow } from "./parse";

const BODY: JsonObject = {
  description: "f",
  if: "a",
  steps: [
    {
      collect: "amount",
      rejections: [{ if: "b", utter: "utter_no" }],
      next: [
        { if: "c", then: [{ noop: true, next: [{ if: "d", then: "END" }, { else: "END" }] }] },
        { else: "END" },
      ],
    },
  ],
};

describe("a text at a pointer", () => {
  it.each([
    ["/if", "a"],
    ["/steps/0/rejections/0/if", "b"],
    ["/steps/0/next/0/if", "c"],
    ["/steps/0/next/0/then/0/next/0/if", "d"],
  ])("%s is replaced, and nothing else", (pointer, old) => {
    const document = parseFlow("f", BODY);
    if (!document) throw new Error("no flow");
    const written = JSON.stringify(serialiseFlow(setAtPointer(document, pointer, "new")));
    expect(written).toBe(JSON.stringify(BODY).replace(`"if":"${old}"`, '"if":"new"'));
  });

  it.each(["/unless", "/steps/7/if", "/steps/0/next/9/if"])("%s leads nowhere", (pointer) => {
    const document = parseFlow("f", BODY);
    if (!document) throw new Error("no flow");
    expect(serialiseFlow(setAtPointer(document, pointer, "new"))).toEqual(BODY);
  });
});
