import fc from "fast-check";
import { describe, expect, it } from "vitest";
import table from "../../../tests/project/payloads.json";
import { actionOf, assignmentsIn, intentIn, setSlots } from "./payload";

const SET = table.set_slots as unknown as [string, [string, string][]][];
const INTENTS = table.intents as unknown as [string, [string, string, string] | null][];
const name = fc.stringMatching(/^[a-z_]{1,8}$/);
const value = fc.stringMatching(/^[A-Za-z0-9äß]{1,8}( [a-z]{1,3})?$/);

describe("payloads of buttons", () => {
  it.each(SET)("%s sets slots as the server reads it", (payload, pairs) => {
    expect(assignmentsIn(payload).map(({ slot, value: text }) => [slot, text])).toEqual(pairs);
  });

  it.each(INTENTS)("%s is the intent that the server reads", (payload, parts) => {
    expect(intentIn(payload)).toEqual(parts);
  });

  it("reads what it writes", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ slot: name, value }), { minLength: 1 }), (assignments) => {
        const payload = setSlots(assignments);
        expect(assignmentsIn(payload)).toEqual(assignments);
        expect(actionOf("title", payload)).toEqual({ does: "set", assignments });
      }),
    );
  });

  it("takes its title for what it says, and leaves the rest as it is typed", () => {
    expect(actionOf("Yes", "")).toEqual({ does: "title" });
    expect(actionOf("Yes", "Yes")).toEqual({ does: "title" });
    expect(actionOf("Yes", "/affirm")).toEqual({ does: "text", text: "/affirm" });
    expect(actionOf("Yes", "/SetSlots(a=b")).toEqual({ does: "text", text: "/SetSlots(a=b" });
  });
});
