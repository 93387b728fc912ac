import { describe, expect, it } from "vitest";
import { layoutFlow } from "@/flow-core/layout";
import { parseFlow } from "@/flow-core/parse";
import { progressOf } from "./progress";
import {
  currentSession,
  flowInView,
  flowTrail,
  messagesOf,
  stepsTaken,
  type Tracker,
  type TrackerEvent,
  understandingOf,
} from "./tracker";

const at = (flow: string, step: string) => ({ metadata: { active_flow: flow, step_id: step } });

const EVENTS: TrackerEvent[] = [
  { event: "bot", timestamp: 1, text: "from an earlier session" },
  { event: "session_started", timestamp: 2 },
  { event: "user", timestamp: 3, text: "/session_start" },
  {
    event: "bot",
    timestamp: 3.1,
    text: "Hello",
    ...at("pattern_session_start", "greet"),
    data: { buttons: [{ title: "Transfer", payload: "/transfer" }] },
  },
  { event: "user", timestamp: 10, text: "send 250", parse_data: { generator: "offline" } },
  { event: "flow_started", timestamp: 10.1, flow_id: "transfer", ...at("transfer", "ask_amount") },
  { event: "slot", timestamp: 10.15, name: "has_funds", value: true, ...at("transfer", "check") },
  { event: "stack", timestamp: 10.2, ...at("transfer", "ask_sure") },
  { event: "stack", timestamp: 10.25, ...at("pattern_collect_information", "start") },
  { event: "bot", timestamp: 10.4, text: "Sure?", ...at("transfer", "ask_sure") },
];

const TRACKER: Tracker = {
  events: EVENTS,
  events_before: 0,
  slots: { amount: 250, has_funds: true, sure: null },
  stack: [
    { flow_id: "transfer", step_id: "ask_sure" },
    { flow_id: "pattern_collect_information", step_id: "x" },
  ],
};

const known = (flow: string) => flow === "transfer";

describe("a conversation", () => {
  it("shows custom data of an answer", () => {
    const data = { custom: { card: [1, 2] } };
    const events: TrackerEvent[] = [{ event: "bot", timestamp: 1, text: null, data }];
    expect(messagesOf(events)).toMatchObject([{ from: "bot", text: "", custom: data.custom }]);
  });

  it("shows an action that failed, with its reason", () => {
    const metadata = { execution_success: false, execution_error_message: "it is away (x.py)" };
    const events: TrackerEvent[] = [
      { event: "action", timestamp: 1, name: "action_ask", metadata },
      { event: "action", timestamp: 2, name: "action_ask", metadata: { execution_success: true } },
    ];
    expect(messagesOf(events)).toMatchObject([
      { from: "failure", action: "action_ask", text: "It is away (x.py)", index: 0 },
    ]);
  });

  it("shows messages with their place and time, without commands", () => {
    expect(
      messagesOf(currentSession(EVENTS)).map(({ from, text, place, seconds }) => [
        from,
        text,
        place?.step ?? null,
        seconds && Math.round(seconds * 10),
      ]),
    ).toEqual([
      ["bot", "Hello", "greet", 1],
      ["user", "send 250", null, null],
      ["bot", "Sure?", "ask_sure", 4],
    ]);
    expect(messagesOf(EVENTS)[1]?.replies).toEqual([{ title: "Transfer", payload: "/transfer" }]);
  });

  it("shows the title of a button that was pressed, not its payload", () => {
    const pressed = [...EVENTS.slice(0, 4), { event: "user", timestamp: 5, text: "/transfer" }];
    expect(messagesOf(pressed).at(-1)?.text).toBe("Transfer");
  });

  it("knows the flow it is in, past the patterns on top of it", () => {
    expect(flowInView(TRACKER, known)).toEqual({ flow: "transfer", waitingAt: "ask_sure" });
    expect(flowTrail(EVENTS, known)).toEqual([{ flow: "transfer", state: "active" }]);
    const done = [...EVENTS, { event: "flow_completed", timestamp: 11, flow_id: "transfer" }];
    expect(flowInView({ ...TRACKER, events: done, stack: [] }, known)).toEqual({
      flow: "transfer",
      waitingAt: null,
    });
    expect(flowTrail(done, known)).toEqual([{ flow: "transfer", state: "done" }]);
    expect(understandingOf(EVENTS)).toEqual({ generator: "offline", note: null });
  });

  it("counts the time to understand, and passes on what the runtime notes", () => {
    const note = "the language model answered 500; understood offline";
    const events: TrackerEvent[] = [
      {
        event: "user",
        timestamp: 10,
        text: "hi",
        parse_data: { generator: "offline", milliseconds: 1400, note },
      },
      { event: "bot", timestamp: 10.1, text: "Hello" },
    ];
    expect(messagesOf(events).at(-1)?.seconds).toBeCloseTo(1.5);
    expect(understandingOf(events)).toEqual({ generator: "offline", note });
  });

  it("lights the steps passed, the edges between them, and where it waits", () => {
    const document = parseFlow("transfer", {
      steps: [
        { id: "ask_amount", collect: "amount" },
        {
          id: "check",
          action: "action_check",
          next: [
            { if: "not slots.has_funds", then: [{ action: "utter_no", next: "END" }] },
            { else: "ask_sure" },
          ],
        },
        { id: "ask_sure", collect: "sure" },
      ],
    });
    if (!document) throw new Error("The flow has no steps to draw");
    const graph = layoutFlow(document, { title: "Transfer", branch: () => "" });
    const steps = stepsTaken(EVENTS, "transfer");
    expect(steps).toEqual(["ask_amount", "check", "ask_sure"]);
    const progress = progressOf({
      graph,
      document,
      steps,
      waitingAt: "ask_sure",
      events: EVENTS,
      slots: TRACKER.slots,
      say: String,
    });
    expect([...progress.passed]).toEqual(["START", "step-1", "step-2", "step-2:logic", "step-4"]);
    expect(progress.current).toBe("step-4");
    expect(progress.edges.size).toBe(4);
    expect([...progress.values]).toEqual([
      ["step-1", "amount = 250"],
      ["step-2", "has_funds = true"],
    ]);
  });
});
