import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { everyPage } from "./pages";
import type { Json, JsonObject, Page, Schemas, With } from "./types";

export type Outcome = Schemas["OutcomeEnum"];
export type Conversation = Schemas["Conversation"];
export type ConversationDetail = With<"ConversationDetail", { slots: JsonObject }>;
/** One event of a tracker; `data` is the event as the assistant sent it. */
export type ConversationEvent = With<"Event", { value: Json; data: JsonObject }>;
export type ConversationSummary = Schemas["ConversationSummary"];
export type Tag = Schemas["Tag"];

export interface ConversationFilters {
  search?: string | undefined;
  channel?: string | undefined;
  test?: string | undefined;
  flow?: string | undefined;
  reviewed?: string | undefined;
  outcome?: string | undefined;
  tag?: string | undefined;
}

/** Newest first; older pages are added on demand. Live messages say when to ask again. */
export const conversationsQuery = (assistant: string, filters: ConversationFilters = {}) =>
  infiniteQueryOptions({
    queryKey: ["conversations", assistant, "list", filters] as const,
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? api.get<Page<Conversation>>(pageParam, { signal })
        : api.get<Page<Conversation>>("conversations/", {
            query: { assistant, ...filters },
            signal,
          }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const conversationSummaryQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["conversations", assistant, "summary"] as const,
    queryFn: ({ signal }) =>
      api.get<ConversationSummary>("conversations/summary/", { query: { assistant }, signal }),
  });

/** Asks again now and then: what waits is taken in by itself once the assistant is there. */
export const waitingEventsQuery = queryOptions({
  queryKey: ["waiting-events"] as const,
  queryFn: ({ signal }) =>
    api.get<Schemas["WaitingEvents"][]>("conversations/waiting/", { signal }),
  refetchInterval: 30_000,
});

const COUNTED = 1000;

/** Summaries count no further than this and one. */
export function formatTotal(total: number): string {
  return total > COUNTED ? `${COUNTED.toLocaleString()}+` : String(total);
}

export const conversationQuery = (conversation: string) =>
  queryOptions({
    queryKey: ["conversation", conversation] as const,
    queryFn: ({ signal }) =>
      api.get<ConversationDetail>(`conversations/${conversation}/`, { signal }),
  });

/** What happened, oldest first, without what only the machine needs. */
export const conversationEventsQuery = (conversation: string) =>
  infiniteQueryOptions({
    queryKey: ["conversation", conversation, "events"] as const,
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? api.get<Page<ConversationEvent>>(pageParam, { signal })
        : api.get<Page<ConversationEvent>>(`conversations/${conversation}/events/`, {
            query: { quiet: true },
            signal,
          }),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
  });

export const tagsQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["tags", assistant] as const,
    queryFn: ({ signal }) => everyPage<Tag>("tags/", { assistant }, signal),
  });

export type BulkAction = "review" | "unreview" | "tag" | "delete";

export const conversations = {
  review: (conversation: string, reviewed: boolean) =>
    api.patch<ConversationDetail>(`conversations/${conversation}/`, { reviewed }),
  tag: (conversation: string, tags: string[]) =>
    api.put<ConversationDetail>(`conversations/${conversation}/tags/`, { tags }),
  delete: (conversation: string) => api.delete(`conversations/${conversation}/`),
  bulk: (ids: string[], action: BulkAction, tag?: string) =>
    api.post<void>("conversations/bulk/", { ids, action, ...(tag ? { tag } : {}) }),
};
