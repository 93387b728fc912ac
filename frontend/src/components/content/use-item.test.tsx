import { QueryClientProvider } from "@tanstack/react-query";
import { render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import { contentQuery } from "@/api/content";
import { queryClient } from "@/api/query-client";
import type { Item } from "@/api/types";
import type { Json } from "@/flow-core/json";
import { useItem } from "./use-item";

vi.mock("@/api/me", () => ({ useMe: () => ({ id: "ana" }), usePermission: () => true }));

const query = contentQuery("shop", "responses", "utter_tea");

function stored(revision: number, text: string): Item<Json[]> {
  return {
    id: "utter_tea",
    kind: "response",
    revision,
    body: [{ text }],
    source_path: null,
    updated_at: "2026-11-22T10:42:00Z",
    updated_by: null,
    problems: [],
  };
}

function Editor() {
  const open = useItem("shop", "responses", "utter_tea");
  return <output>{open.kind === "open" ? JSON.stringify(open.body) : open.kind}</output>;
}

beforeEach(() => {
  queryClient.setQueryData(query.queryKey, stored(1, "Green tea."));
});

const page = () => (
  <QueryClientProvider client={queryClient}>
    <Editor />
  </QueryClientProvider>
);

it("shows what somebody else has saved, also where the page is drawn for another reason first", async () => {
  const { rerender } = render(page());
  expect(screen.getByRole("status")).toHaveTextContent("Green tea.");
  for (const [revision, text] of [
    [2, "Black tea."],
    [3, "White tea."],
  ] as const) {
    // Twice, so that nothing of the time before waits any more.
    for (let drawn = 0; drawn < 2; drawn += 1) rerender(page());
    queryClient.setQueryData(query.queryKey, stored(revision, text));
    rerender(page());
    await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent(text));
  }
});
