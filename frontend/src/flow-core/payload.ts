/**
 * What a button sends. The server's `modelservice/project/payloads.py` reads payloads, too; both run the table of
 * cases in `tests/project/payloads.json`.
 */

const SET_SLOTS = "/SetSlots";
const PAIR = /(?<![^\s,()=])([^\s,()=]+)\s*=\s*(\[[^\]]*\]|[^,()]*)/g;
const CLOSED = /^\/SetSlots\(.*\)\s*$/s;
const INTENT = /^\/([^\s{@(]+)(?:@([0-9.]+))?\s*(\{.*\})?$/s;

export interface Assignment {
  readonly slot: string;
  readonly value: string;
}

/** What happens when the button is pressed, as its editor offers it. */
export type ButtonAction =
  | { readonly does: "title" }
  | { readonly does: "set"; readonly assignments: readonly Assignment[] }
  | { readonly does: "text"; readonly text: string }
  | { readonly does: "link"; readonly url: string };

/** Each slot and its value as written, of a payload that sets slots. */
export function assignmentsIn(payload: string): Assignment[] {
  if (!payload.startsWith(SET_SLOTS)) return [];
  return [...payload.slice(SET_SLOTS.length).matchAll(PAIR)].map(([, slot = "", value = ""]) => ({
    slot,
    value: value.trim(),
  }));
}

/** Name, confidence and entities as written, each "" where it is not. */
export function intentIn(payload: string): readonly [string, string, string] | null {
  const found = INTENT.exec(payload.trimEnd());
  return found ? [found[1] ?? "", found[2] ?? "", found[3] ?? ""] : null;
}

export function setSlots(assignments: readonly Assignment[]): string {
  return `${SET_SLOTS}(${assignments.map(({ slot, value }) => `${slot}=${value}`).join(", ")})`;
}

/** What a button of this title and payload does. Braces, commas and the like in a value are typed by hand. */
export function actionOf(title: string, payload: string): ButtonAction {
  if (payload.trim() === "" || payload === title) return { does: "title" };
  const assignments = assignmentsIn(payload);
  const plain = CLOSED.test(payload) && setSlots(assignments) === payload.trim();
  return plain ? { does: "set", assignments } : { does: "text", text: payload };
}
