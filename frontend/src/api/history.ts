import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Json, Page, Person } from "./types";

export interface Change {
  id: string;
  kind: string;
  item: string;
  action: "created" | "updated" | "deleted" | "restored" | "imported";
  before: Json;
  after: Json;
  revision: number;
  actor: Person | null;
  at: string;
  reason: string;
}

export const historyQuery = (
  assistant: string,
  filters: { kind?: string; item?: string; actor?: string } = {},
) =>
  queryOptions({
    queryKey: ["content", assistant, "history", filters] as const,
    queryFn: ({ signal }) =>
      api.get<Page<Change>>(`assistants/${assistant}/history/`, { query: filters, signal }),
  });
