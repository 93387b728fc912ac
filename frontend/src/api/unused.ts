import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Schemas } from "./types";

export const unusedKey = (assistant: string) => ["content", assistant, "unused"] as const;

/** Names of responses, slots and actions that nothing names, whatever it is. */
export const unusedQuery = (assistant: string) =>
  queryOptions({
    queryKey: unusedKey(assistant),
    queryFn: ({ signal }) =>
      api.get<Schemas["UnusedItems"]>(`assistants/${assistant}/unused/`, { signal }),
    staleTime: 0,
  });
