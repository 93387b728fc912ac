import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { JsonObject } from "@/flow-core/json";
import type { Merged } from "@/flow-core/merge";
import { Autosaver } from "./autosave";
import { ApiError } from "./errors";
import type { Item } from "./types";

const item = (revision: number, body: JsonObject): Item<JsonObject> => ({
  id: "transfer",
  kind: "flow",
  revision,
  body,
  source_path: null,
  updated_at: "2026-11-22T10:42:00Z",
  updated_by: { id: "1", name: "Jonas" },
  problems: [],
});

/** A server that keeps one item and refuses what was not read at its newest revision. */
function server(first: JsonObject) {
  let stored = item(1, first);
  const save = vi.fn(async (revision: number, body: JsonObject) => {
    if (revision !== stored.revision) {
      throw new ApiError(
        409,
        { code: "revision_conflict", current: structuredClone(stored) as never },
        "PUT",
      );
    }
    stored = item(revision + 1, body);
    return stored;
  });
  return {
    save,
    stored: () => stored,
    elsewhere: (body: JsonObject) => {
      stored = item(stored.revision + 1, body);
    },
  };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe("Autosaver", () => {
  it("waits until nobody types, then saves once", async () => {
    const remote = server({ name: "a" });
    const saver = new Autosaver({ stored: remote.stored(), save: remote.save, onReplace: vi.fn() });
    saver.change({ name: "ab" });
    await vi.advanceTimersByTimeAsync(500);
    saver.change({ name: "abc" });
    await vi.advanceTimersByTimeAsync(500);
    expect(remote.save).not.toHaveBeenCalled();
    expect(saver.state().status).toBe("waiting");
    await vi.advanceTimersByTimeAsync(100);
    expect(remote.stored()).toMatchObject({ revision: 2, body: { name: "abc" } });
    expect(saver.state().status).toBe("saved");
  });

  it("tells that it failed until an attempt has succeeded, while it is trying again too", async () => {
    const remote = server({ name: "a" });
    remote.save.mockRejectedValueOnce(new Error("No answer"));
    const saver = new Autosaver({ stored: remote.stored(), save: remote.save, onReplace: vi.fn() });
    const told: boolean[] = [];
    saver.change({ name: "ab" });
    await vi.advanceTimersByTimeAsync(700);
    saver.subscribe(() => told.push(saver.state().error !== null));
    saver.change({ name: "abc" });
    await vi.advanceTimersByTimeAsync(700);
    expect(told).toEqual([true, true, false]);
  });

  it("is not saved while what was typed during a save waits", async () => {
    const remote = server({ name: "a" });
    const slow = async (revision: number, body: JsonObject) => {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      return remote.save(revision, body);
    };
    const saver = new Autosaver({ stored: remote.stored(), save: slow, onReplace: vi.fn() });
    saver.change({ name: "ab" });
    await vi.advanceTimersByTimeAsync(2500);
    saver.change({ name: "abc" });
    await vi.advanceTimersByTimeAsync(200);
    expect(remote.stored().body).toEqual({ name: "ab" });
    expect(saver.state().status).toBe("waiting");
    await vi.advanceTimersByTimeAsync(3000);
    expect(remote.stored().body).toEqual({ name: "abc" });
    expect(saver.state().status).toBe("saved");
  });

  it("merges other people's fields in silence and saves both", async () => {
    const remote = server({ name: "a", description: "d" });
    const onReplace = vi.fn();
    const saver = new Autosaver({ stored: remote.stored(), save: remote.save, onReplace });
    remote.elsewhere({ name: "a", description: "theirs" });
    saver.change({ name: "mine", description: "d" });
    await vi.advanceTimersByTimeAsync(2000);
    expect(remote.stored().body).toEqual({ name: "mine", description: "theirs" });
    expect(onReplace).toHaveBeenCalledWith({ name: "mine", description: "theirs" });
  });

  it.each([
    ["mine", "mine"],
    ["theirs", "theirs"],
  ] as const)("overwrites nothing in the same field until %s is chosen", async (side, result) => {
    const remote = server({ name: "a" });
    const saver = new Autosaver({ stored: remote.stored(), save: remote.save, onReplace: vi.fn() });
    remote.elsewhere({ name: "theirs" });
    saver.change({ name: "mine" });
    await vi.advanceTimersByTimeAsync(2000);
    expect(remote.stored().body).toEqual({ name: "theirs" });
    expect(saver.state().conflict?.fields).toEqual([
      { pointer: ["name"], base: "a", mine: "mine", theirs: "theirs" },
    ]);
    saver.decide(side);
    await vi.advanceTimersByTimeAsync(2000);
    expect(remote.stored().body).toEqual({ name: result });
    expect(saver.state().status).toBe("saved");
  });

  it("keeps what is written while a decision waits", async () => {
    const remote = server({ name: "a", description: "d" });
    const saver = new Autosaver({ stored: remote.stored(), save: remote.save, onReplace: vi.fn() });
    remote.elsewhere({ name: "theirs", description: "d" });
    saver.change({ name: "mine", description: "d" });
    await vi.advanceTimersByTimeAsync(2000);
    saver.change({ name: "mine, too", description: "written meanwhile" });
    saver.decide("mine");
    await vi.advanceTimersByTimeAsync(2000);
    const whole = { name: "mine, too", description: "written meanwhile" };
    expect(remote.stored().body).toEqual(whole);
    expect(saver.unsaved).toBeNull();
  });

  it("asks no longer once the same is written", async () => {
    const remote = server({ name: "a", description: "d" });
    const saver = new Autosaver({ stored: remote.stored(), save: remote.save, onReplace: vi.fn() });
    remote.elsewhere({ name: "theirs", description: "d" });
    saver.change({ name: "mine", description: "d" });
    await vi.advanceTimersByTimeAsync(2000);
    saver.change({ name: "theirs", description: "mine" });
    await vi.advanceTimersByTimeAsync(2000);
    expect(remote.stored().body).toEqual({ name: "theirs", description: "mine" });
    expect(saver.state().status).toBe("saved");
  });

  it("saves both sides' values, where both can stand side by side", async () => {
    const remote = server({ name: "a" });
    const keepBoth = ({ conflicts: [field] }: Merged) => ({
      name: [field?.mine ?? null, field?.theirs ?? null],
    });
    const saver = new Autosaver<JsonObject>({
      stored: remote.stored(),
      save: remote.save,
      onReplace: vi.fn(),
      keepBoth,
    });
    remote.elsewhere({ name: "theirs" });
    saver.change({ name: "mine" });
    await vi.advanceTimersByTimeAsync(2000);
    expect(saver.state().conflict?.both).toEqual({ name: ["mine", "theirs"] });
    saver.decide("both");
    await vi.advanceTimersByTimeAsync(2000);
    expect(remote.stored().body).toEqual({ name: ["mine", "theirs"] });
    expect(saver.state().status).toBe("saved");
  });

  it("takes over what the server merged in, without what is being typed getting lost", async () => {
    const remote = server({ name: "a", description: "d" });
    const onReplace = vi.fn();
    const saver = new Autosaver({ stored: remote.stored(), save: remote.save, onReplace });
    remote.save.mockImplementationOnce(async () => {
      saver.change({ name: "abc", description: "d" });
      return item(7, { name: "ab", description: "theirs" });
    });
    remote.save.mockImplementationOnce(async (revision: number, body: JsonObject) =>
      item(revision + 1, body),
    );
    saver.change({ name: "ab", description: "d" });
    await vi.advanceTimersByTimeAsync(2000);
    expect(onReplace).toHaveBeenCalledWith({ name: "abc", description: "theirs" });
    expect(remote.save).toHaveBeenLastCalledWith(7, { name: "abc", description: "theirs" });
    expect(saver.state().status).toBe("saved");
  });

  it("takes a newer revision only while nothing here waits", async () => {
    const remote = server({ name: "a" });
    const onReplace = vi.fn();
    const saver = new Autosaver({ stored: remote.stored(), save: remote.save, onReplace });
    saver.reload(item(5, { name: "newer" }));
    expect(onReplace).toHaveBeenCalledExactlyOnceWith({ name: "newer" });
    saver.change({ name: "typing" });
    saver.reload(item(6, { name: "even newer" }));
    expect(onReplace).toHaveBeenCalledTimes(1);
  });

  it("keeps what could not be sent and tries again with the next change", async () => {
    const remote = server({ name: "a" });
    remote.save.mockRejectedValueOnce(new ApiError(0, { code: "offline" }, "PUT"));
    const saver = new Autosaver({ stored: remote.stored(), save: remote.save, onReplace: vi.fn() });
    saver.change({ name: "ab" });
    await vi.advanceTimersByTimeAsync(600);
    expect(saver.state().status).toBe("failed");
    await saver.flush();
    expect(remote.stored().body).toEqual({ name: "ab" });
  });
});
