import { currentSession, isEdit, type Tracker, type TrackerEvent } from "./tracker";

/** The conversation as a test file of the project has it: what was said, and what has to come back. */
export function testFileOf({ events }: Tracker): string {
  const session = currentSession(events);
  const first = session.findIndex(isSaid);
  const name = session[first]?.text ?? "nothing was said";
  return [
    "test_cases:",
    `  - test_case: ${JSON.stringify(name)}`,
    "    steps:",
    ...session.slice(first === -1 ? session.length : first).flatMap(stepOf),
    "",
  ].join("\n");
}

function isSaid({ event, text }: TrackerEvent): boolean {
  return event === "user" && !/^\/(session_start|restart)\b/.test(text ?? "");
}

/** JSON strings are YAML strings. */
function stepOf(event: TrackerEvent): string[] {
  if (isSaid(event)) return [`      - user: ${JSON.stringify(event.text ?? "")}`];
  if (isEdit(event)) {
    const value = JSON.stringify(event.value ?? null);
    return [`      # Here ${event.name} was set to ${value} by hand.`];
  }
  if (event.event !== "bot") return [];
  const response = event.metadata?.["utter_action"];
  if (typeof response === "string") return [`      - utter: ${response}`];
  return event.text ? [`      - bot: ${JSON.stringify(event.text)}`] : [];
}
