import { oneOf, text } from "@/lib/search-params";

export const IMPORT_SHOWS = ["added", "changed", "removed"] as const;

export interface ImportSearch {
  show?: (typeof IMPORT_SHOWS)[number] | undefined;
  /** Kind of the items. */
  kind?: string | undefined;
  search?: string | undefined;
}

export function importSearch(search: Record<string, unknown>): ImportSearch {
  return {
    show: oneOf(IMPORT_SHOWS, search["show"]),
    kind: text(search["kind"]),
    search: text(search["search"]),
  };
}
