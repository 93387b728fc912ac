import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { refreshFor } from "./live";

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
  refreshFor(client, {
    type: "item.changed",
    assistant: "bank",
    branch: "main",
    kind: "flow",
    id: "transfer",
    revision: 2,
    action: "updated",
    actor: null,
  });
  answers[0]?.();
  await vi.waitFor(() => expect(answers).toHaveLength(2));
  answers[1]?.();
  await vi.waitFor(() => expect(page.getCurrentResult().data).toBe("mended"));
});
