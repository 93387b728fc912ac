import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draftOf, readDraft, slotDefinition } from "@/components/content/slot-values";
import type { Json, JsonObject } from "@/flow-core/json";
import type { TrackerEvent } from "../tracker";
import { filteredLines, linesOf, problemOf } from "./event-lines";
import { latencyOf, median, PARTS, toneOf } from "./latency";
import { markedWords } from "./marked-words";
import { slotChanges, slotRows } from "./slot-history";
import { stackAfter } from "./stack-replay";
import { answerOf, formOf } from "./stub-answer";
import { turnAt, turnInView, turnsOf } from "./turns";

const slot = (timestamp: number, name: string, value: Json, more: Partial<TrackerEvent> = {}) => ({
  event: "slot",
  timestamp,
  name,
  value,
  ...more,
});
const patch = (timestamp: number, operations: Json, more: Partial<TrackerEvent> = {}) => ({
  event: "stack",
  timestamp,
  update: JSON.stringify(operations),
  ...more,
});
const at = (flow: string, step: string) => ({ metadata: { active_flow: flow, step_id: step } });

const FRAME = { frame_id: "A", flow_id: "transfer", step_id: "START", type: "flow" };
const QUESTION = { frame_id: "B", flow_id: "pattern_collect_information", collect: "sure" };

const CHECKED = { ...at("transfer", "check").metadata, milliseconds: 80 };

const EVENTS: TrackerEvent[] = [
  { event: "action", timestamp: 0.9, name: "action_listen" },
  { event: "user", timestamp: 1, text: "/session_start" },
  { event: "bot", timestamp: 1.1, text: "Hello" },
  { event: "user", timestamp: 10, text: "send 250", parse_data: { milliseconds: 40 } },
  patch(10.001, [{ op: "add", path: "/0", value: FRAME }]),
  { event: "flow_started", timestamp: 10.002, flow_id: "transfer", ...at("transfer", "check") },
  slot(10.003, "amount", 250, { filled_by: "LLM" }),
  patch(10.004, [{ op: "replace", path: "/0/step_id", value: "check" }], at("transfer", "check")),
  { event: "action", timestamp: 10.104, name: "action_check", metadata: CHECKED },
  slot(10.105, "has_funds", true, { filled_by: "CUSTOM" }),
  slot(10.106, "empty", null),
  patch(10.107, [{ op: "add", path: "/1", value: QUESTION }], at("transfer", "ask_sure")),
  { event: "action", timestamp: 10.108, name: "utter_ask_sure" },
  { event: "bot", timestamp: 10.118, text: "Sure?", ...at("transfer", "ask_sure") },
  { event: "action", timestamp: 10.119, name: "action_listen" },
  slot(20, "amount", 300, { filled_by: "inspector" }),
  { event: "bot", timestamp: 20.01, text: "Sure?", ...at("transfer", "ask_sure") },
  { event: "user", timestamp: 30, text: "yes" },
  patch(30.001, [
    { op: "replace", path: "/0", value: { flow_id: "pattern_completed" } },
    { op: "remove", path: "/1" },
  ]),
  slot(30.002, "amount", null, { metadata: { reset: true } }),
];
const TURNS = turnsOf(EVENTS);
const INITIAL = { balance: 1200 };
const CHANGES = slotChanges(EVENTS, INITIAL);
const spent = TURNS[1] ?? TURNS[0];

const event = fc.constantFrom<TrackerEvent>(...EVENTS);

describe("turns", () => {
  it("begin with a message or with a slot set by hand", () => {
    expect(TURNS.map(({ number, kind, from, to }) => [number, kind, from, to])).toEqual([
      [0, "start", 0, 3],
      [1, "said", 3, 15],
      [2, "edit", 15, 17],
      [3, "said", 17, 20],
    ]);
    expect(turnAt(TURNS, 16)?.number).toBe(2);
    expect(turnInView(TURNS, 1)?.number).toBe(1);
    expect(turnInView(TURNS, undefined)?.number).toBe(3);
    expect(turnInView(TURNS, 99)?.number).toBe(3);
    expect(turnsOf(EVENTS.slice(3), 12).map(({ number }) => number)).toEqual([12, 13, 14]);
    expect(turnsOf(EVENTS.slice(3)).map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it("are the events, cut: nothing is lost, nothing twice", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const turns = turnsOf(events);
        expect(turns.flatMap((turn) => turn.events)).toEqual(events);
        expect(new Set(turns.map(({ number }) => number)).size).toBe(turns.length);
      }),
    );
  });
});

describe("slots over time", () => {
  it("tell what each turn changed, and who did it", () => {
    const rows = slotRows(TURNS, CHANGES, INITIAL, ["balance", "amount", "has_funds"]);
    expect(rows.map(({ name, values }) => [name, values])).toEqual([
      ["balance", [1200, 1200, 1200, 1200]],
      ["amount", [null, 250, 300, null]],
      ["has_funds", [null, true, true, true]],
    ]);
    expect(rows[1]?.changes.map((change) => change?.by.kind)).toEqual([
      undefined,
      "message",
      "hand",
      "reset",
    ]);
    expect(rows[2]?.changes[1]?.by).toEqual({ kind: "action", name: "action_check" });
  });

  it("end at what the events say last", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        const before = { amount: 7 };
        const rows = slotRows(turnsOf(events), slotChanges(events, before), before, ["amount"]);
        const last = events.findLast(({ name }) => name === "amount") ?? { value: 7 };
        if (events.length > 0) expect(rows[0]?.values.at(-1)).toEqual(last.value ?? null);
      }),
    );
  });
});

describe("the time of a turn", () => {
  it("falls to understanding, deciding, actions and answers", () => {
    const { total, parts } = latencyOf(
      spent as (typeof TURNS)[0],
      (name) => name === "action_check",
    );
    const rounded = Object.fromEntries(PARTS.map((part) => [part, Math.round(parts[part])]));
    expect(rounded).toEqual({ understand: 40, decide: 28, actions: 80, answer: 11 });
    expect(Math.round(total)).toBe(159);
  });

  it("has parts that add up, none below zero, whatever the clock did", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(event, fc.double({ min: 0, max: 99, noNaN: true }))),
        (pairs) => {
          const events = pairs.map(([each, timestamp]) => ({ ...each, timestamp }));
          for (const turn of turnsOf(events)) {
            const { total, parts } = latencyOf(turn, () => true);
            expect(Math.min(...Object.values(parts))).toBeGreaterThanOrEqual(0);
            expect(Object.values(parts).reduce((sum, each) => sum + each, 0)).toBeCloseTo(total);
          }
        },
      ),
    );
  });

  it("is judged against limits and summed up by its median", () => {
    expect([999, 1000, 3000].map(toneOf)).toEqual(["ok", "warn", "err"]);
    expect([median([]), median([5, 1, 9]), median([4, 1])]).toEqual([null, 5, 2.5]);
  });
});

describe("the dialogue stack", () => {
  it("is replayed from its patches", () => {
    expect(stackAfter(EVENTS.slice(0, 15))).toEqual([{ ...FRAME, step_id: "check" }, QUESTION]);
    expect(stackAfter(EVENTS)).toEqual([{ flow_id: "pattern_completed" }]);
    expect(stackAfter([...EVENTS, { event: "restart", timestamp: 40 }])).toEqual([]);
  });

  it("is not guessed when a patch does not fit", () => {
    for (const bad of [
      [{ op: "remove", path: "/3" }],
      [{ op: "replace", path: "/0/step_id", value: "x" }],
      [{ op: "move", path: "/0", from: "/1" }],
      "nonsense",
    ]) {
      expect(stackAfter([patch(1, bad)])).toBeNull();
    }
    expect(stackAfter([{ event: "stack", timestamp: 1, update: "{" }])).toBeNull();
  });
});

describe("the events of a turn", () => {
  const lines = linesOf(spent as (typeof TURNS)[0], CHANGES, (name) => name === "action_check");
  const shown = (filter: Partial<Parameters<typeof filteredLines>[1]>) =>
    filteredLines(lines, { kind: null, words: "", all: false, ...filter }).map(
      ({ event: each, kind }) => `${kind} ${each.name ?? each.flow_id ?? each.text ?? ""}`.trim(),
    );

  it("leave out the clockwork unless all is asked for", () => {
    expect(shown({})).toEqual([
      "flow transfer",
      "slot amount",
      "action action_check",
      "slot has_funds",
      "message Sure?",
    ]);
    expect(shown({ all: true })).toHaveLength(12);
  });

  it("name each step once, with the one after it, unless its action or message does", () => {
    const step = (name: string) => patch(2, [], at("transfer", name));
    const [turn] = turnsOf([
      { event: "user", timestamp: 1, text: "hi" },
      step("enough"),
      patch(2, [], at("pattern_collect_information", "start")),
      step("enough"),
      step("large"),
      step("END"),
    ]);
    const steps = linesOf(turn as (typeof TURNS)[0], new Map(), () => true).filter(
      ({ quiet }) => !quiet,
    );
    expect(steps.map((line) => [line.event.metadata?.["step_id"], line.next?.step])).toEqual([
      ["enough", "large"],
      ["large", "END"],
    ]);
  });

  it("show what could not be said, though it is clockwork else", () => {
    const problem = { execution_error_message: "there is no response 'utter_gone'" };
    const place = { active_flow: "pattern_validate_slot", step_id: "ask_refill", ...problem };
    const [turn] = turnsOf([
      { event: "user", timestamp: 1, text: "hi" },
      { event: "action", timestamp: 2, name: "action_run_slot_rejections", metadata: problem },
      { event: "action", timestamp: 2, name: "action_listen" },
      patch(2, [], { metadata: place }),
    ]);
    const told = linesOf(turn as (typeof TURNS)[0], new Map(), () => false);
    expect(told.filter(({ quiet }) => !quiet).map(({ event: each }) => problemOf(each))).toEqual([
      problem.execution_error_message,
      problem.execution_error_message,
    ]);
  });

  it("can be searched and filtered by kind", () => {
    expect(shown({ kind: "slot" })).toEqual(["slot amount", "slot has_funds"]);
    expect(shown({ words: " SURE? " })).toEqual(["message Sure?"]);
    expect(shown({ kind: "flow", words: "sure" })).toEqual([]);
  });

  it("are not found by the name of the model, which every event carries", () => {
    const named = { metadata: { model_name: "20261124-brisk-lake", step_id: "weigh_risk" } };
    const [turn] = turnsOf([
      { event: "user", timestamp: 1, text: "hi" },
      { event: "bot", timestamp: 2, text: "Hello", ...named },
    ]);
    const all = linesOf(turn as (typeof TURNS)[0], new Map(), () => true);
    const found = (words: string) => filteredLines(all, { kind: null, words, all: true }).length;
    expect([found("brisk"), found("weigh"), found("hello")]).toEqual([0, 1, 1]);
  });
});

describe("marked words", () => {
  it("are whole words, whatever their capitals", () => {
    expect(markedWords("Send money, not moneyed", ["MONEY", "send"])).toEqual([
      { text: "Send", marked: true },
      { text: " ", marked: false },
      { text: "money", marked: true },
      { text: ", not moneyed", marked: false },
    ]);
    expect(markedWords("a ( b", ["(", ""])[1]).toEqual({ text: "(", marked: true });
  });

  it("keep the text whole", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { maxLength: 4 }), (text, words) => {
        expect(
          markedWords(text, words)
            .map((piece) => piece.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });
});

describe("the answer of an action", () => {
  it("reads back as the form it was made from", () => {
    const word = fc.string({ minLength: 1 }).filter((text) => text.trim() !== "");
    const form = fc.record({
      texts: fc.array(word),
      slots: fc.array(fc.record({ name: word, value: fc.jsonValue() as fc.Arbitrary<Json> })),
    });
    fc.assert(
      fc.property(form, (each) => {
        expect(formOf(answerOf(each))).toEqual(each);
      }),
    );
  });

  it("is left to JSON when a form cannot show it all", () => {
    const others: JsonObject[] = [
      { events: [{ event: "followup", name: "action_x" }] },
      { responses: [{ text: "Hi", buttons: [] }] },
      { responses: [{ response: "utter_hi" }] },
      { responses: 1 },
      { more: true },
    ];
    for (const each of others) expect(formOf(each)).toBeNull();
    expect(formOf({})).toEqual({ texts: [], slots: [] });
  });
});

describe("the value of a slot", () => {
  const types = { text: "text", bool: "bool", float: "float", list: "list", any: "any" };
  const definition = (type: string, more: JsonObject = {}) =>
    slotDefinition({ type, ...more }, null);

  it("reads back as it was written, for every type", () => {
    const values: Record<keyof typeof types, fc.Arbitrary<Json>> = {
      text: fc.string(),
      bool: fc.boolean(),
      float: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
      list: fc.array(fc.jsonValue() as fc.Arbitrary<Json>),
      any: (fc.jsonValue() as fc.Arbitrary<Json>).filter((value) => value !== null),
    };
    for (const [type, value] of Object.entries(values)) {
      fc.assert(
        fc.property(value, (each) => {
          const slot = definition(type);
          expect(readDraft(slot, draftOf(slot, each))).toEqual({
            value: JSON.parse(JSON.stringify(each)),
          });
        }),
      );
    }
    const choice = definition("categorical", { values: ["low", 2] });
    expect(readDraft(choice, "2")).toEqual({ value: 2 });
    expect(slotDefinition(undefined, 30).type).toBe("float");
    expect(definition("categorical").type).toBe("text");
  });

  it("says what is wrong with it", () => {
    const problem = (type: string, draft: string, more?: JsonObject) => {
      const read = readDraft(definition(type, more), draft);
      return "problem" in read ? [read.problem, read.detail] : null;
    };
    expect(problem("float", "")).toEqual(["number", undefined]);
    expect(problem("float", "1,5")).toEqual(["number", undefined]);
    expect(problem("float", "-1", { min_value: 0, max_value: 9 })).toEqual(["lowest", "0"]);
    expect(problem("float", "10", { min_value: 0, max_value: 9 })).toEqual(["highest", "9"]);
    expect(problem("float", "10", { max_value: 9 })).toBeNull();
    expect(problem("list", "{}")).toEqual(["notList", undefined]);
    expect(problem("any", "hello")?.[0]).toBe("badJson");
  });
});
