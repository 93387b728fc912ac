import fc from "fast-check";
import { describe, expect, it } from "vitest";
import table from "../../../tests/project/conditions.json";
import {
  type Clause,
  type ConditionWords,
  conditionSentence,
  formatCondition,
  needsValue,
  OPERATORS,
  operatorsOf,
  parseCondition,
} from "./condition";
import { parseSyntax } from "./condition-syntax";

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
    no_items: "is empty",
  },
  and: "and",
  or: "or",
  yes: "yes",
  no: "no",
  missing: "no condition",
};

/** What the language can write: one kind of quotes in a text, no start of a template, no comment. */
const text = fc
  .oneof(fc.string(), fc.constantFrom("it's", 'say "x"', "and or", "(a)", "null"))
  .map((each) => each.replace(/\{|#/g, "-"))
  .map((each) => (each.includes("'") ? each.replaceAll('"', "-") : each));

const clause: fc.Arbitrary<Clause> = fc
  .record({
    namespace: fc.constantFrom("slots" as const, "context" as const),
    name: fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/),
    operator: fc.constantFrom(...OPERATORS),
    value: fc.oneof(
      text,
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
      fc.boolean(),
    ),
  })
  .map((each) => {
    if (!needsValue(each.operator)) return { ...each, value: null };
    if (each.operator === "matches") return { ...each, value: String(each.value) };
    return typeof each.value === "number"
      ? { ...each, value: Math.round(each.value * 1000) / 1000 + 0 }
      : each;
  });

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
    ["slots.list is empty", "list is empty"],
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
    "slots.a is undefined",
    "slots.a is not empty",
    "slots.a # with a note",
    "slots.a is {{ context.b }}",
    "slots.a and (slots.b and slots.c)",
  ])("leaves %s to be edited as text", (written) => {
    expect(parseCondition(written)).toBeNull();
  });
});

describe("the grammar of conditions", () => {
  it.each(table.holds.map(([written]) => String(written)))("takes %j", (written) => {
    expect(parseSyntax(written)).not.toBeNull();
  });

  it.each(table.refused)("refuses %j", (written) => {
    expect(parseSyntax(written)).toBeNull();
  });

  it.each(["not ", "(", "{ "])("refuses 1,200 times %j", (token) => {
    expect(parseSyntax(`${token.repeat(1200)}slots.a`)).toBeNull();
  });

  it("takes or refuses any order of its tokens, and what the editor writes is taken", () => {
    const token = fc.constantFrom(
      ..."slots.a 5 'x' is not and or ( ) { } matches null #".split(" "),
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 12 }), (tokens) => {
        const read = parseCondition(tokens.join(" "));
        if (read) expect(parseCondition(formatCondition(read))).toEqual(read);
      }),
    );
  });

  it("joins with `or` to the right as the runtime does", () => {
    const tree = parseSyntax("slots.a and slots.b or slots.c");
    expect(tree).toMatchObject({ operator: "and", right: { operator: "or" } });
  });
});

describe("the comparisons that are offered", () => {
  it.each([
    ["float", "matches"],
    ["float", "contains"],
    ["bool", "matches"],
    ["bool", "more"],
    ["text", "more"],
    ["categorical", "contains"],
    ["list", "is"],
  ] as const)("for %s are without %s", (type, operator) => {
    expect(operatorsOf(type)).not.toContain(operator);
    expect(operatorsOf("any")).toContain(operator);
  });

  it("write a regular expression as a text, whatever was typed", () => {
    const written = formatCondition({
      joiner: "and",
      clauses: [{ namespace: "slots", name: "amount", operator: "matches", value: 5 }],
    });
    expect(written).toBe('slots.amount matches "5"');
  });
});
