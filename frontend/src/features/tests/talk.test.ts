import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/api/types";
import {
  type Expectation,
  failedAt,
  moreOf,
  shownValue,
  stateOf,
  turnsOf,
  typedValue,
  withExpectation,
  withLine,
  withoutTurn,
  withTurn,
  withUser,
} from "./talk";

const steps: JsonObject = {
  test_case: "a tea",
  fixtures: ["vip"],
  steps: [
    { user: "a tea" },
    { utter: "utter_ask_kind" },
    { user: "green" },
    { slot_was_set: [{ kind: "green" }, "size"] },
    { bot: "One green tea.\n" },
  ],
};
const assertions: JsonObject = {
  test_case: "a tea",
  steps: [
    {
      user: "a tea",
      assertions: [
        { flow_started: "order_tea" },
        { bot_uttered: { utter_name: "utter_ask_kind" } },
        { bot_uttered: { buttons: [{ title: "green" }] } },
      ],
    },
    {
      user: "green",
      metadata: "web",
      assertions: [
        { slot_was_set: [{ name: "kind", value: "green" }, { name: "size" }] },
        { bot_uttered: { text_matches: "^One green tea\\.$" } },
        { bot_did_not_utter: { text_matches: "coffee|cocoa" } },
        { flow_completed: { flow_id: "order_tea" } },
        { action_executed: "action_brew" },
      ],
    },
  ],
};
const told = (body: JsonObject) =>
  turnsOf(body).map(({ lines }) => lines.map(({ expects }) => expects));
const words = (text: string): Expectation => ({
  kind: "words",
  text,
  isPattern: false,
  isSaid: true,
});
const response = (name: string): Expectation => ({
  kind: "response",
  response: name,
  isSaid: true,
});

describe("a test as a talk", () => {
  it("is read from steps", () => {
    expect(turnsOf(steps).map(({ user, step }) => [user, step])).toEqual([
      ["a tea", 0],
      ["green", 2],
    ]);
    expect(told(steps)).toEqual([
      [response("utter_ask_kind")],
      [
        { kind: "slot", isSet: true, slot: "kind", value: "green" },
        { kind: "slot", isSet: true, slot: "size" },
        words("One green tea."),
      ],
    ]);
    expect(moreOf(steps)).toEqual(["fixtures"]);
  });

  it("is read from assertions; what it cannot show is named", () => {
    expect(told(assertions)).toEqual([
      [
        { kind: "flow", event: "flow_started", flow: "order_tea" },
        response("utter_ask_kind"),
        { kind: "more", name: "bot_uttered" },
      ],
      [
        { kind: "slot", isSet: true, slot: "kind", value: "green" },
        { kind: "slot", isSet: true, slot: "size" },
        words("One green tea."),
        { kind: "words", text: "coffee|cocoa", isPattern: true, isSaid: false },
        { kind: "flow", event: "flow_completed", flow: "order_tea" },
        { kind: "action", action: "action_brew" },
      ],
    ]);
    expect(turnsOf(assertions)[1]?.more).toEqual(["metadata"]);
  });

  it.each([steps, assertions])("gives back what it was read from", (body) => {
    for (const { lines } of turnsOf(body))
      for (const { at, expects } of lines)
        if (expects.kind !== "more") expect(told(withLine(body, at, expects))).toEqual(told(body));
  });

  it.each([steps, assertions])("loses one line and no other", (body) => {
    for (const [turn, { lines }] of turnsOf(body).entries())
      for (const [place, { at }] of lines.entries()) {
        const left = told(body).map((each, index) =>
          index === turn ? each.toSpliced(place, 1) : each,
        );
        expect(told(withLine(body, at, null))).toEqual(left);
      }
  });

  it("says something else, more and less", () => {
    const more = withTurn(withUser(steps, 0, "tea!"), "thanks");
    expect(turnsOf(more).map(({ user }) => user)).toEqual(["tea!", "green", "thanks"]);
    expect(turnsOf(withTurn(steps, "now", 0)).map(({ user }) => user)).toEqual([
      "a tea",
      "now",
      "green",
    ]);
    expect(told(withoutTurn(steps, 0))).toEqual([told(steps)[1]]);
  });

  it("expects more, in the way that the test is written in", () => {
    const said = withExpectation(steps, 0, words("Which tea?"));
    expect(said["steps"]).toContainEqual({ bot: "Which tea?" });
    expect(told(said)[0]).toEqual([response("utter_ask_kind"), words("Which tea?")]);
    const started: Expectation = { kind: "flow", event: "flow_started", flow: "order_tea" };
    const converted = withExpectation(steps, 2, started);
    expect(told(converted)).toEqual([told(steps)[0], [...(told(steps)[1] ?? []), started]]);
    expect(converted["steps"]).toHaveLength(2);
    const bare = withExpectation({ test_case: "x", steps: [{ user: "hi" }] }, 0, words("Hello."));
    expect(bare["steps"]).toEqual([
      { user: "hi", assertions: [{ bot_uttered: { text_matches: "^Hello\\.$" } }] },
    ]);
  });
});

describe("what a run says of a test", () => {
  const failure = (assertion: string, expected: never | unknown, after: string) =>
    ({ assertion, expected, after, line: 1, problem: "no" }) as never;

  it("is found by what was expected, and by what was said before", () => {
    const at = failedAt(steps, failure("utter", "utter_ask_kind", "a tea"));
    expect(at).toEqual({ step: 1, assertion: null, entry: null });
    expect(failedAt(steps, failure("utter", "utter_other", "a tea"))).toBeNull();
    const place = failedAt(assertions, failure("action_executed", "action_brew", "green"));
    expect(place).toEqual({ step: 1, assertion: 4, entry: null });
  });

  it("has lines that held, that failed, and that were not reached", () => {
    const at = failedAt(
      assertions,
      failure("bot_uttered", { utter_name: "utter_ask_kind" }, "a tea"),
    );
    const states = turnsOf(assertions).map(({ lines }) =>
      lines.map((line) => stateOf(line.at, false, at)),
    );
    expect(states[0]).toEqual(["held", "failed", "notReached"]);
    expect(new Set(states[1])).toEqual(new Set(["notReached"]));
  });
});

describe("values", () => {
  it.each(["tea", 5, true, null, "5", "true", ["a"], { a: 1 }, "“q”"])(
    "%j is typed as it is shown",
    (value) => {
      expect(typedValue(shownValue(value))).toEqual(value);
    },
  );
});
