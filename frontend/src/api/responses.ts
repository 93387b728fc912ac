import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Commit } from "./history";
import type { Item, Json, Page, ResponseItem, Schemas } from "./types";

export type ResponseContext = Schemas["ResponseContext"];
export type WordMatch = Schemas["Match"];

const all = (assistant: string) => `assistants/${assistant}/responses/`;
const one = (assistant: string, id: string) => `${all(assistant)}${encodeURIComponent(id)}/`;

/** What is seen at once, and as many as a page of the server may have. */
const FIRST = 100;
const PAGE = 1000;

/**
 * All responses, also those that the runtime has itself. A short page is there at once; the pages that follow it
 * begin anew (`responseRows`).
 */
export const responsesQuery = (assistant: string) =>
  infiniteQueryOptions({
    queryKey: ["content", assistant, "responses", "list", "with-defaults"] as const,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<ResponseItem>>(all(assistant), {
        query: { defaults: true, ...pageParam },
        signal,
      }),
    initialPageParam: { page_size: FIRST, page: 1 },
    getNextPageParam: (last, pages) =>
      last.next === null ? null : { page_size: PAGE, page: pages.length },
  });

/** The rows of these pages; those of the first are in the second once more. */
export function responseRows(pages: readonly Page<ResponseItem>[]): ResponseItem[] {
  return (pages.length > 1 ? pages.slice(1) : pages).flatMap((page) => page.results);
}

export const responseContextQuery = (assistant: string, id: string) =>
  queryOptions({
    queryKey: ["content", assistant, "responses", "context", id] as const,
    queryFn: ({ signal }) => api.get<ResponseContext>(`${one(assistant, id)}context/`, { signal }),
  });

export interface Wanted {
  find: string;
  replacement: string;
  whole_words: boolean;
  match_case: boolean;
}

export const responses = {
  duplicate: (assistant: string, id: string) =>
    api.post<Item<Json[]>>(`${one(assistant, id)}duplicate/`),
  /** `left` are code, tests and prompts that name the response, and stay as they are. */
  rename: (assistant: string, id: string, newId: string, revision: number) =>
    api.post<{ response: Item<Json[]>; left: string[] }>(`${one(assistant, id)}rename/`, {
      id: newId,
      revision,
    }),
  /** What would be changed. */
  find: (assistant: string, wanted: Wanted) =>
    api.post<{ matches: WordMatch[] }>(`assistants/${assistant}/replace/`, wanted),
  replace: (
    assistant: string,
    wanted: Wanted & {
      revisions: Record<string, number>;
      exceptions: { response: string; pointer: string }[];
    },
  ) =>
    api.post<{ commit: Commit | null; matches: WordMatch[] }>(
      `assistants/${assistant}/replace/`,
      wanted,
    ),
};

/** Deletes items in one commit, which going back to the commit before it takes back. */
export const deleteItems = (
  assistant: string,
  items: readonly { kind: string; key: string; revision: number }[],
) => api.post<{ commit: Commit | null }>(`assistants/${assistant}/delete/`, { items });
