import { expect, it } from "vitest";
import { testFileOf } from "./test-case";
import type { TrackerEvent } from "./tracker";

const EVENTS: TrackerEvent[] = [
  { event: "user", timestamp: 1, text: "an earlier session" },
  { event: "session_started", timestamp: 2 },
  { event: "bot", timestamp: 3, text: "Welcome", metadata: { utter_action: "utter_greet" } },
  { event: "user", timestamp: 4, text: 'Send "250": now' },
  { event: "bot", timestamp: 5, text: "To whom?", metadata: { utter_action: "utter_ask_name" } },
  { event: "slot", timestamp: 6, name: "name", value: "Lena", filled_by: "inspector" },
  { event: "bot", timestamp: 7, text: "Done. #1" },
  { event: "user", timestamp: 8, text: "/restart" },
];

it("writes what was said as a test, from the first word on", () => {
  expect(testFileOf({ slots: {}, stack: [], events: EVENTS, events_before: 0 })).toBe(`test_cases:
  - test_case: "Send \\"250\\": now"
    steps:
      - user: "Send \\"250\\": now"
      - utter: utter_ask_name
      # Here name was set to "Lena" by hand.
      - bot: "Done. #1"
`);
});
