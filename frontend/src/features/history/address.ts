import { number, text } from "@/lib/search-params";

export interface HistorySearch {
  search?: string | undefined;
  kind?: string | undefined;
  /** Id of the one item of `kind` that the list is about. */
  key?: string | undefined;
  door?: string | undefined;
  /** `me`, or the id of a person. */
  author?: string | undefined;
  /** Number of the open commit; without it the newest. */
  commit?: number | undefined;
}

export function historySearch(search: Record<string, unknown>): HistorySearch {
  return {
    search: text(search["search"]),
    kind: text(search["kind"]),
    key: text(search["key"]),
    door: text(search["door"]),
    author: text(search["author"]),
    commit: number(search["commit"]),
  };
}
