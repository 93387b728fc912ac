import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Json, Page, Schemas, With } from "./types";

export type Commit = Schemas["Commit"];
export type FieldDifference = With<"FieldDifference", { before: Json; after: Json }>;
export type ItemDifference = With<"ItemDifference", { changes: FieldDifference[] }>;
export type CommitDetail = With<"CommitDetail", { diff: ItemDifference[] }>;

export interface CommitFilters {
  kind?: string | undefined;
  key?: string | undefined;
  author?: string | undefined;
  door?: string | undefined;
  q?: string | undefined;
}

/** Newest first; older pages are added on demand. */
export const commitsQuery = (assistant: string, filters: CommitFilters = {}) =>
  infiniteQueryOptions({
    queryKey: ["content", assistant, "commits", filters] as const,
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? api.get<Page<Commit>>(pageParam, { signal })
        : api.get<Page<Commit>>(`assistants/${assistant}/commits/`, {
            query: { ...filters },
            signal,
          }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const commitQuery = (assistant: string, number: number) =>
  queryOptions({
    queryKey: ["content", assistant, "commit", number] as const,
    queryFn: ({ signal }) =>
      api.get<CommitDetail>(`assistants/${assistant}/commits/${number}/`, { signal }),
  });

/** Brings these items, or everything, back to what they were after commit `number`, as a new commit. */
export const restoreCommit = (
  assistant: string,
  number: number,
  items?: readonly { kind: string; key: string }[],
) =>
  api.post<Schemas["Restored"]>(`assistants/${assistant}/restore/`, {
    commit: number,
    ...(items ? { items } : {}),
  });

export type Change = Schemas["Change"];

export const historyQuery = (
  assistant: string,
  filters: { kind?: string; item?: string; actor?: string } = {},
) =>
  queryOptions({
    queryKey: ["content", assistant, "history", filters] as const,
    queryFn: ({ signal }) =>
      api.get<Page<Change>>(`assistants/${assistant}/history/`, { query: filters, signal }),
  });
