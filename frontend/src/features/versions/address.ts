import { oneOf, text } from "@/lib/search-params";

const VERSION_VIEWS = ["mine", "named"] as const;

export interface VersionsSearch {
  search?: string | undefined;
  show?: (typeof VERSION_VIEWS)[number] | undefined;
  log?: string | undefined;
}

/** `log`: the id of the version whose log is open. */
export function versionsSearch(search: Record<string, unknown>): VersionsSearch {
  return {
    search: text(search["search"]),
    show: oneOf(VERSION_VIEWS, search["show"]),
    log: text(search["log"]),
  };
}
