import { MantineProvider } from "@mantine/core";
import { Notifications, notifications } from "@mantine/notifications";
import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it } from "vitest";
import { forgetEdits, rememberEdit, undo, useUndo } from "@/lib/undo";
import { toast } from "./toast";

beforeEach(() => {
  useUndo.setState({ past: [], future: [] });
  notifications.clean();
  render(
    <MantineProvider env="test">
      <Notifications transitionDuration={0} />
    </MantineProvider>,
  );
});

const told = () => screen.queryAllByRole("status").map((each) => each.textContent);
const shows = (...messages: string[]) =>
  waitFor(() =>
    expect(told()).toEqual(messages.map((message) => expect.stringContaining(message))),
  );

/** A field that somebody sets, as a form tells it. */
function setField(fields: Record<string, string>, name: string, value: string): void {
  const before = fields[name] ?? "";
  fields[name] = value;
  toast.done(`Changed: ${name}`, {
    about: "form",
    undo: () => {
      fields[name] = before;
    },
  });
}

it("tells of one object once at a time; the newest takes back its own, the history all", async () => {
  const fields = { name: "a", address: "b", key: "c" };
  setField(fields, "name", "A");
  setField(fields, "address", "B");
  setField(fields, "key", "C");
  await shows("Changed: key");
  await userEvent.click(screen.getByRole("button", { name: /Undo/ }));
  expect(fields).toEqual({ name: "A", address: "B", key: "c" });
  await shows();
  undo();
  undo();
  expect(fields).toEqual({ name: "a", address: "b", key: "c" });
});

it("tells of different objects beside each other, each with its way back", async () => {
  const deleted = new Set(["one", "two"]);
  for (const name of deleted)
    toast.done(`Deleted: ${name}`, { undo: () => void deleted.delete(name) });
  await shows("Deleted: one", "Deleted: two");
  const [first] = screen.getAllByRole("button", { name: /Undo/ });
  if (first) await userEvent.click(first);
  expect([...deleted]).toEqual(["two"]);
  await shows("Deleted: two");
});

it("goes when its change is taken back by key", async () => {
  toast.done("Deleted", { undo: () => undefined });
  await shows("Deleted");
  undo();
  await shows();
});

/** An edit of the open page. */
const edit = () => rememberEdit({ from: 0, to: 1, bring: () => undefined });

it("goes with the page whose edit it takes back; what outlives the page stays", async () => {
  let deleted = true;
  toast.done("Step deleted", { undo: edit() });
  toast.done("Flow deleted", {
    undo: () => {
      deleted = false;
    },
  });
  await shows("Step deleted", "Flow deleted");
  forgetEdits();
  await shows("Flow deleted");
  await userEvent.click(screen.getByRole("button", { name: /Undo/ }));
  expect(deleted).toBe(false);
});

it("offers to take back the newest edit of a page alone, for an older one goes with what came after", async () => {
  toast.done("First step deleted", { undo: edit() });
  toast.done("Second step deleted", { undo: edit() });
  await shows("Second step deleted");
  expect(useUndo.getState().past).toHaveLength(2);
  await userEvent.click(screen.getByRole("button", { name: /Undo/ }));
  expect(useUndo.getState().past).toHaveLength(1);
});
