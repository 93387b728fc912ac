// @vitest-environment node
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type BridgeServer, type Connection, startBridge } from "@/test/bridge-server";
import { conversationWith, newConversation } from "./conversation";

/** The chat's connections to a real WebSocket server; in Node, whose WebSocket takes no events of jsdom. */

const config = vi.hoisted(() => ({ apiOrigin: "", authority: "", clientId: "", version: "" }));
vi.mock("@/lib/config", () => ({ config }));
vi.mock("@/api/session", () => ({
  accessToken: async () => "a token",
  onFreshToken: () => () => undefined,
  sessionRefused: () => undefined,
}));

let bridge: BridgeServer;
let answer: (connection: Connection, frame: Record<string, unknown>) => void;

/** Lets everybody in, under a session that the browser names or a new one. */
function letIn(connection: Connection, frame: Record<string, unknown>): void {
  if (frame["type"] !== "authenticate") return;
  const session_id = frame["session_id"] ?? "new-session";
  connection.send({ type: "session_confirm", session_id, known: true });
}

const remembered = new Map<string, string>();
vi.stubGlobal("location", { href: "http://localhost/" });
vi.stubGlobal("sessionStorage", {
  getItem: (key: string) => remembered.get(key) ?? null,
  setItem: (key: string, value: string) => remembered.set(key, value),
  removeItem: (key: string) => remembered.delete(key),
});

beforeEach(async () => {
  remembered.clear();
  answer = letIn;
  bridge = await startBridge((connection, frame) => answer(connection, frame));
  config.apiOrigin = bridge.url;
});
afterEach(() => bridge.stop());

const newest = (): Connection => bridge.connections.at(-1) as Connection;

/** Opens a page of the version, and leaves the one before. */
function visit(deployment: string, leave?: () => void): () => void {
  leave?.();
  return conversationWith(`/talk/${deployment}`).hold();
}

test("five versions visited one after another leave one connection open", async () => {
  let leave: (() => void) | undefined;
  for (const deployment of ["v1", "v2", "v3", "v4", "v5"]) {
    leave = visit(deployment, leave);
    await vi.waitFor(() => expect(newest()?.path).toBe(`/talk/${deployment}`));
  }
  await vi.waitFor(() => expect(bridge.open()).toBe(1));
  const { store } = conversationWith("/talk/v5");
  await vi.waitFor(() => expect(store.getState().status).toBe("open"));
  leave?.();
  await vi.waitFor(() => expect(bridge.open()).toBe(0));
  // Whoever comes back goes on with the same conversation.
  leave = visit("v5");
  await vi.waitFor(() => expect(bridge.connections).toHaveLength(6));
  await vi.waitFor(() => expect(newest().received).toHaveLength(1));
  expect(newest().received[0]).toMatchObject({ session_id: "new-session" });
  leave();
});

test("the dock and the page share one connection, which ends with the last of them", async () => {
  const [dock, page] = [visit("shared"), visit("shared")];
  const { store } = conversationWith("/talk/shared");
  await vi.waitFor(() => expect(store.getState().status).toBe("open"));
  dock();
  dock();
  expect(bridge.connections).toHaveLength(1);
  expect(bridge.open()).toBe(1);
  page();
  await vi.waitFor(() => expect(bridge.open()).toBe(0));
});

test("each order is settled by the frame with its id alone", async () => {
  const conversation = newConversation("/talk/orders");
  const release = conversation.hold();
  await vi.waitFor(() => expect(conversation.store.getState().status).toBe("open"));
  const settled: string[] = [];
  const note = (name: string, order: Promise<void>) =>
    order.then(
      () => settled.push(name),
      (error: Error) => settled.push(`${name}: ${error.message}`),
    );
  void note("slot", conversation.setSlot("amount", 1));
  void note("stub", conversation.stubAction("action_a", null));
  void note("other slot", conversation.setSlot("city", "Bonn"));
  await vi.waitFor(() => expect(newest().received).toHaveLength(4));
  const [slot, stub, other] = newest()
    .received.slice(1)
    .map(({ id }) => id);
  const tracker = { type: "tracker", slots: {}, events: [], events_before: 0 };
  newest().send(tracker);
  newest().send({ type: "error", code: "bot_error", message: "The message failed." });
  newest().send({ type: "stubs", stubs: {} });
  await vi.waitFor(() => expect(conversation.store.getState().error).toBe("The message failed."));
  newest().send({ type: "error", code: "bot_error", message: "No such slot.", id: other });
  await vi.waitFor(() => expect(settled).toEqual(["other slot: No such slot."]));
  newest().send({ type: "stubs", stubs: {}, id: stub });
  newest().send({ ...tracker, id: slot });
  await vi.waitFor(() => expect(settled.slice(1)).toEqual(["stub", "slot"]));
  release();
});

test("what is new is put behind what was there, and a gap brings all anew", async () => {
  const conversation = newConversation("/talk/updates");
  const release = conversation.hold();
  const texts = () => conversation.store.getState().tracker?.events.map(({ text }) => text);
  await vi.waitFor(() => expect(conversation.store.getState().status).toBe("open"));
  const said = (...words: string[]) => words.map((text) => ({ event: "user", text, timestamp: 1 }));
  newest().send({
    type: "tracker",
    slots: {},
    events: said("b"),
    events_before: 1,
    turns_before: 1,
  });
  newest().send({ type: "tracker", slots: { a: 1 }, events: said("c", "d"), since: 2 });
  await vi.waitFor(() => expect(texts()).toEqual(["b", "c", "d"]));
  expect(conversation.store.getState().tracker).toMatchObject({ slots: { a: 1 }, turns_before: 1 });
  newest().send({ type: "tracker", slots: {}, events: said("f"), since: 5 });
  await vi.waitFor(() => expect(bridge.connections).toHaveLength(2), { timeout: 3000 });
  await vi.waitFor(() => expect(conversation.store.getState().status).toBe("open"));
  newest().send({ type: "tracker", slots: {}, events: said("e", "f"), events_before: 4 });
  await vi.waitFor(() => expect(texts()).toEqual(["e", "f"]));
  release();
});

test("a chat that another person began in this tab is left, and a new one begun", async () => {
  answer = (connection, frame) => {
    if (frame["session_id"] === "of-another") connection.close(4403);
    else letIn(connection, frame);
  };
  remembered.set("chat /talk/persons", "of-another");
  const conversation = newConversation("/talk/persons");
  const release = conversation.hold();
  await vi.waitFor(() => expect(conversation.store.getState().status).toBe("open"));
  expect(remembered.get("chat /talk/persons")).toBe("new-session");
  release();
  answer = (connection) => connection.close(4403);
  const refused = newConversation("/talk/persons");
  const leave = refused.hold();
  await vi.waitFor(() => expect(refused.store.getState().status).toBe("forbidden"));
  leave();
});

test("who says or sets something talks, until the conversation is begun anew", async () => {
  const talking: boolean[] = [];
  const conversation = newConversation("/talk/talks", (now) => talking.push(now));
  const release = conversation.hold();
  await vi.waitFor(() => expect(conversation.store.getState().status).toBe("open"));
  expect(talking).toEqual([]);
  conversation.say("Hello");
  conversation.startAgain();
  void conversation.setSlot("amount", 1).catch(() => undefined);
  conversation.changeUser();
  void conversation.stubAction("action_a", null).catch(() => undefined);
  conversation.forget();
  expect(talking).toEqual([true, false, true, false, true, false]);
  release();
});
