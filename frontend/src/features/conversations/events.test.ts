import { expect, test } from "vitest";
import type { ConversationEvent } from "@/api/conversations";
import {
  buttonTitles,
  customOf,
  shownEvents,
  slotsAt,
  slotsNow,
  wordsFor,
  worthShowing,
} from "./events";

let position = 0;
function made(event: string, rest: Partial<ConversationEvent> = {}): ConversationEvent {
  position += 1;
  return {
    id: position,
    position,
    event,
    at: "2026-11-22T10:00:00Z",
    text: null,
    name: null,
    value: null,
    flow_id: null,
    step_id: null,
    data: {},
    ...rest,
  };
}

test("clockwork is left out, what people did stays", () => {
  expect(worthShowing(made("user", { text: "hi" }))).toBe(true);
  expect(worthShowing(made("flow_started", { flow_id: "transfer_money" }))).toBe(true);
  expect(worthShowing(made("flow_started", { flow_id: "pattern_collect_information" }))).toBe(
    false,
  );
  expect(worthShowing(made("flow_started", { flow_id: "pattern_cannot_handle" }))).toBe(true);
  expect(worthShowing(made("flow_completed", { flow_id: "pattern_cannot_handle" }))).toBe(false);
  expect(worthShowing(made("user", { text: "/session_start" }))).toBe(false);
  expect(worthShowing(made("slot", { name: "amount", value: 5 }))).toBe(true);
  expect(worthShowing(made("slot", { name: "flow_hashes", value: {} }))).toBe(false);
  expect(worthShowing(made("slot", { name: "amount", data: { metadata: { reset: true } } }))).toBe(
    false,
  );
  expect(worthShowing(made("stack"))).toBe(false);
});

test("of sessions without a word between them the last one is shown", () => {
  const [first, second, third] = [1, 2, 3].map(() => made("session_started"));
  const [listen, hello] = [made("action", { name: "action_listen" }), made("user", { text: "hi" })];
  const events = [first, listen, second, hello, third].filter((each) => each !== undefined);
  expect(shownEvents(events)).toEqual([second, hello, third]);
});

test("slots are those of the chosen moment, and what this turn changed is marked", () => {
  const first = made("slot", { name: "amount", value: 5 });
  const turn = made("user", { text: "no, 500" });
  const second = made("slot", { name: "amount", value: 500 });
  const reset = made("slot", { name: "amount", value: null });
  const events = [made("user"), first, turn, second, reset];
  expect(slotsAt(events, first.id).slots.get("amount")).toBe(5);
  expect(slotsAt(events, turn.id).changed.size).toBe(0);
  expect([...slotsAt(events, second.id).slots]).toEqual([["amount", 500]]);
  expect(slotsAt(events, reset.id).slots.size).toBe(0);
  const stored = { amount: 500, city: null, flow_hashes: {} };
  expect([...slotsNow(stored).slots]).toEqual([["amount", 500]]);
});

test("values are said in words", () => {
  const words = { yes: "yes", no: "no", nothing: "empty" };
  expect([null, true, false, 5, "Tom", ["a"]].map((value) => wordsFor(value, words))).toEqual([
    "empty",
    "yes",
    "no",
    "5",
    "Tom",
    '["a"]',
  ]);
});

test("emptying an empty slot is not shown, emptying a filled one is", () => {
  const events = [
    made("slot", { name: "confirmed" }),
    made("slot", { name: "confirmed", value: true }),
    made("slot", { name: "confirmed" }),
  ];
  expect(shownEvents(events).map((event) => event.value)).toEqual([true, null]);
});

test("a click reads as the button that was clicked", () => {
  const bot = made("bot", {
    data: { data: { buttons: [{ title: "Yes, send it", payload: "/SetSlots(ok=true)" }] } },
  });
  expect(buttonTitles([bot]).get("/SetSlots(ok=true)")).toBe("Yes, send it");
});

test("custom data of a message are told, and of no other", () => {
  expect(customOf(made("bot", { data: { data: { custom: { card: 1 } } } }))).toEqual({ card: 1 });
  expect(customOf(made("bot", { data: { data: { custom: null } } }))).toBeNull();
  expect(customOf(made("bot"))).toBeNull();
});
