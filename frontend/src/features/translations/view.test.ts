import { describe, expect, it } from "vitest";
import { type TranslationRow, textId } from "@/api/translations";
import { nextToDo, viewOf } from "./view";

const row = (
  item: string,
  pointer: string,
  more: Partial<TranslationRow> = {},
): TranslationRow => ({
  kind: "response",
  item,
  pointer,
  field: "message",
  reference: `${item} ${pointer}`,
  text: "",
  state: "done",
  jinja: false,
  slots: [],
  flows: [],
  outdated: null,
  revision: 1,
  updated_at: "2026-11-30T10:00:00Z",
  updated_by: null,
  ...more,
});

const ROWS = [
  row("utter_a", "/0/text"),
  row("utter_b", "/0/text"),
  row("utter_b", "/0/buttons/0/title", { field: "button", state: "missing" }),
  row("utter_c", "/0/text", { state: "outdated", flows: [{ id: "pay", name: "pay" }] }),
  row("pay", "/name", { kind: "flow", field: "flow_name", state: "missing" }),
];
const ids = (rows: readonly TranslationRow[]) => rows.map(textId);

describe("what is shown of the texts", () => {
  it("is what is to do, with its neighbours", () => {
    const view = viewOf(ROWS, {}, new Set());
    expect(view.lines.map(({ id }) => id)).toEqual([
      "response/utter_b",
      ...ids(ROWS.slice(1, 3)),
      "response/utter_c",
      ...ids(ROWS.slice(3, 4)),
      "flow/pay",
      ...ids(ROWS.slice(4)),
    ]);
    expect(view.toDo).toEqual(ids(ROWS.slice(2)));
  });

  it("is limited by state, sort, flow and words", () => {
    const texts = (wanted: Parameters<typeof viewOf>[1]) => viewOf(ROWS, wanted, new Set()).toDo;
    expect(texts({ show: "missing" })).toEqual(ids([ROWS[2], ROWS[4]] as TranslationRow[]));
    expect(texts({ show: "outdated" })).toEqual(ids(ROWS.slice(3, 4)));
    expect(texts({ field: "button" })).toEqual(ids(ROWS.slice(2, 3)));
    expect(texts({ flow: "pay" })).toEqual(ids(ROWS.slice(3)));
    expect(texts({ search: "UTTER_B title" })).toEqual(ids(ROWS.slice(2, 3)));
  });

  it("keeps what is done where it was, until the view is left", () => {
    const kept = new Set<string>();
    const before = viewOf(ROWS, {}, kept);
    const done = ROWS.map((each) => ({ ...each, state: "done" as const }));
    expect(viewOf(done, {}, kept).lines.map(({ id }) => id)).toEqual(
      before.lines.map(({ id }) => id),
    );
    expect(viewOf(done, {}, new Set()).lines).toEqual([]);
  });

  it("leads from one to do to the next, and round", () => {
    const view = viewOf(ROWS, { show: "all" }, new Set());
    const [first, second, third] = view.toDo;
    expect(nextToDo(view, undefined, 1)).toBe(first);
    expect(nextToDo(view, first, 1)).toBe(second);
    expect(nextToDo(view, first, -1)).toBe(third);
    expect(nextToDo(view, third, 1)).toBe(first);
    // From one that is done, to the next behind it.
    expect(nextToDo(view, textId(ROWS[1] as TranslationRow), 1)).toBe(first);
    expect(nextToDo(viewOf([], {}, new Set()), undefined, 1)).toBeUndefined();
  });
});
