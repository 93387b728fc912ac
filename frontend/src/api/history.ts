import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Json, Page, With } from "./types";

export type Change = With<"Change", { before: Json; after: Json }>;

export const historyQuery = (
  assistant: string,
  filters: { kind?: string; item?: string; actor?: string } = {},
) =>
  queryOptions({
    queryKey: ["content", assistant, "history", filters] as const,
    queryFn: ({ signal }) =>
      api.get<Page<Change>>(`assistants/${assistant}/history/`, { query: filters, signal }),
  });
