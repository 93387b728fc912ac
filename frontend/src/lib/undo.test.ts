import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { forgetEdits, redo, remember, rememberEdit, takeBack, undo, useUndo } from "./undo";

let text = "";

beforeEach(() => {
  vi.useFakeTimers();
  useUndo.setState({ past: [], future: [] });
  text = "";
});
afterEach(() => void vi.useRealTimers());

/** Typed text, as an editor remembers it. */
function type(more: string, field = "text"): number {
  const from = text;
  text += more;
  const bring = (before: string, after: string) => {
    expect(text).toBe(before);
    text = after;
  };
  return rememberEdit({ from, to: text, bring }, field);
}

it("takes what was typed without a pause back together, and does it again", () => {
  type("a");
  type("b");
  vi.advanceTimersByTime(1500);
  type("c");
  undo();
  expect(text).toBe("ab");
  undo();
  expect([text, undo()]).toEqual(["", false]);
  redo();
  redo();
  expect(text).toBe("abc");
  type("d");
  undo();
  expect(text).toBe("abc");
});

it("keeps fields apart, and forgets what was taken back with the next edit", () => {
  type("a", "one");
  type("b", "two");
  undo();
  expect(text).toBe("a");
  type("c", "one");
  redo();
  expect(text).toBe("ac");
});

it("a toast takes its own back; an edit goes with what came after it", () => {
  let deleted = true;
  const toast = remember(() => {
    deleted = false;
  });
  const first = type("a", "one");
  type("b", "two");
  takeBack(toast);
  expect([deleted, text]).toEqual([false, "ab"]);
  takeBack(first);
  expect(text).toBe("");
  redo();
  redo();
  expect(text).toBe("ab");
});

it("an edit that goes on is in the history all the time", () => {
  const edit = type("a");
  const seen: boolean[] = [];
  const stop = useUndo.subscribe(({ past }) => seen.push(past.some(({ id }) => id === edit)));
  expect(type("b")).toBe(edit);
  stop();
  expect(seen).toEqual([true]);
});

it("edits end with their page, toasts stay", () => {
  let deleted = true;
  type("a");
  remember(() => {
    deleted = false;
  });
  type("b", "two");
  forgetEdits();
  expect([undo(), undo(), deleted, text]).toEqual([true, false, false, "ab"]);
});
