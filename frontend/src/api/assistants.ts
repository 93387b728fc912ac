import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Assistant, Page } from "./types";

export const assistantsQuery = (filters: { search?: string; deleted?: boolean } = {}) =>
  queryOptions({
    queryKey: ["assistants", filters],
    queryFn: ({ signal }) => api.get<Page<Assistant>>("assistants/", { query: filters, signal }),
  });

export const assistantQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["assistant", assistant],
    queryFn: ({ signal }) => api.get<Assistant>(`assistants/${assistant}/`, { signal }),
  });
