import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Page, Schemas } from "./types";

export type AuditEntry = Schemas["AuditEntry"];

export interface AuditFilters {
  search?: string | undefined;
  action?: string | undefined;
}

/** Newest first, page after page. */
export const auditQuery = (filters: AuditFilters) =>
  infiniteQueryOptions({
    queryKey: ["audit", filters] as const,
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? api.get<Page<AuditEntry>>(pageParam, { signal })
        : api.get<Page<AuditEntry>>("audit/", { query: { ...filters }, signal }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next ?? undefined,
  });

export const exportAudit = (kind: "csv" | "json", filters: AuditFilters) =>
  api.download("audit/export/", { ...filters, as: kind });
