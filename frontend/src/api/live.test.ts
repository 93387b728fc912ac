import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { refreshFor } from "./live";

const CHANGED = {
  type: "item.changed",
  assistant: "bank",
  branch: "main",
  kind: "flow",
  id: "transfer",
  revision: 2,
  action: "updated",
  actor: null,
} as const;

test("what changes while the first answer is on its way is asked for again", async () => {
  const client = new QueryClient();
  let stored = "with a mistake";
  const answers: (() => void)[] = [];
  const queryFn = () => {
    const read = stored;
    return new Promise<string>((resolve) => answers.push(() => resolve(read)));
  };
  const queryKey = ["versions", "bank", "changes"];
  const page = new QueryObserver(client, { queryKey, queryFn, staleTime: 15_000 });
  page.subscribe(() => undefined);
  stored = "mended";
  refreshFor(client, CHANGED);
  answers[0]?.();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.();
  await vi.waitFor(() => expect(page.getCurrentResult().data).toBe("mended"));
});

test("what comes into being while the first answer is on its way is asked for again", async () => {
  const client = new QueryClient();
  const answers: PromiseWithResolvers<string>[] = [];
  const queryFn = () => {
    const answer = Promise.withResolvers<string>();
    answers.push(answer);
    return answer.promise;
  };
  const queryKey = ["content", "bank", "flows", "item", "transfer"];
  const page = new QueryObserver(client, { queryKey, queryFn, retry: false });
  page.subscribe(() => undefined);
  refreshFor(client, { ...CHANGED, revision: 1, action: "created" });
  answers[0]?.reject(new Error("There is no such flow."));
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.resolve("there");
  await vi.waitFor(() => expect(page.getCurrentResult().data).toBe("there"));
});

test("where a slot is used is asked for again when a flow, a response or the slot changed", () => {
  const client = new QueryClient();
  const queryKey = ["content", "bank", "uses", "amount"];
  for (const kind of ["flow", "response", "slot"]) {
    client.setQueryData(queryKey, []);
    expect(client.getQueryState(queryKey)?.isInvalidated).toBe(false);
    refreshFor(client, { ...CHANGED, kind });
    expect(client.getQueryState(queryKey)?.isInvalidated, kind).toBe(true);
  }
});
