import { describe, expect, it } from "vitest";
import type { ImportedItem } from "@/api/imports";
import { choiceAgain, firstChoice, idOf, missing } from "./choices";

const item = (id: string, values: Partial<ImportedItem> = {}): ImportedItem => {
  const [kind = "", key = ""] = id.split(" ");
  return {
    kind,
    key,
    action: "changed",
    before_key: null,
    changes: [],
    changed_by: null,
    undoes: false,
    allowed: true,
    needed_now: [],
    needed_then: [],
    ...values,
  };
};

describe("what is ticked", () => {
  it("is what is new and changed, without removals, undone work and settings of others", () => {
    const items = [
      item("flow new", { action: "added" }),
      item("flow changed"),
      item("flow mine", { undoes: true }),
      item("flow gone", { action: "removed" }),
      item("config config.yml", { allowed: false }),
    ];
    expect([...firstChoice(items)]).toEqual(["flow new", "flow changed"]);
  });

  it("stays after a new preview, but for what is new in it", () => {
    const before = [item("flow a"), item("flow b")];
    const now = [item("flow b"), item("flow c"), item("flow d", { action: "removed" })];
    expect([...choiceAgain(before, new Set(["flow a"]), now)]).toEqual(["flow c"]);
  });
});

describe("what would be missing", () => {
  const response = item("response utter_x", { action: "added", needed_then: ["flow new"] });
  const flow = item("flow new", { action: "added" });

  it("is a new item that a chosen flow needs", () => {
    expect(missing([response, flow], new Set([idOf(flow)])).get(idOf(response))).toEqual([
      "flow new",
    ]);
    expect(missing([response, flow], new Set()).size).toBe(0);
    expect(missing([response, flow], new Set([idOf(flow), idOf(response)])).size).toBe(0);
  });

  it("is a removed item that something still uses", () => {
    const gone = item("response utter_y", { action: "removed", needed_now: ["flow old"] });
    const user = item("flow old");
    expect(missing([gone], new Set([idOf(gone)])).get(idOf(gone))).toEqual(["flow old"]);
    // The flow is removed, or changed so that it does not need it any more.
    expect(missing([gone, user], new Set([idOf(gone), idOf(user)])).size).toBe(0);
    const removed = item("flow old", { action: "removed" });
    expect(missing([gone, removed], new Set([idOf(gone), idOf(removed)])).size).toBe(0);
    expect(missing([gone, removed], new Set([idOf(gone)])).size).toBe(1);
  });
});
