import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Clause,
  type ConditionWords,
  conditionSentence,
  formatCondition,
  needsValue,
  OPERATORS,
  parseCondition,
} from "./condition";

const WORDS: ConditionWords = {
  operators: {
    is: "is",
    is_not: "is not",
    more: "is more than",
    at_least: "is at least",
    less: "is less than",
    at_most: "is at most",
    contains: "contains",
    matches: "matches",
    set: "is known",
    empty: "is not known",
  },
  and: "and",
  or: "or",
  yes: "yes",
  no: "no",
  missing: "no condition",
};

const clause: fc.Arbitrary<Clause> = fc
  .record({
    namespace: fc.constantFrom("slots" as const, "context" as const),
    name: fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/),
    operator: fc.constantFrom(...OPERATORS),
    value: fc.oneof(fc.string(), fc.integer(), fc.boolean()),
  })
  .map((each) => (needsValue(each.operator) ? each : { ...each, value: null }));

describe("conditions", () => {
  it("are read back as they were written", () => {
    const joiner = fc.constantFrom("and" as const, "or" as const);
    fc.assert(
      fc.property(fc.array(clause, { minLength: 1, maxLength: 4 }), joiner, (clauses, word) => {
        const condition = { joiner: clauses.length === 1 ? ("and" as const) : word, clauses };
        expect(parseCondition(formatCondition(condition))).toEqual(condition);
      }),
    );
  });

  it.each([
    ["slots.amount > 1000", "amount is more than 1000"],
    ["slots.has_funds is false", "has_funds is no"],
    ["not slots.has_funds", "has_funds is no"],
    ["slots.confirmation", "confirmation is yes"],
    ['slots.tier == "gold" and slots.amount >= 5', "tier is gold and amount is at least 5"],
    ["(slots.iban is not null)", "iban is known"],
    ['slots.note is "this and that"', "note is this and that"],
    ["slots.amount > slots.balance", "amount is more than balance"],
    ["slots.a > 1 and (slots.b or slots.c)", "a > 1 and (b or c)"],
    ["", "no condition"],
  ])("%s reads: %s", (written, sentence) => {
    expect(conditionSentence(written, WORDS)).toBe(sentence);
  });

  it.each([
    "slots.a and slots.b or slots.c",
    '{ "gold" "silver" } contains slots.tier',
    "slots.a > slots.b",
    "slots.a is gold",
    "slots.a > null",
  ])("leaves %s to be edited as text", (written) => {
    expect(parseCondition(written)).toBeNull();
  });
});
