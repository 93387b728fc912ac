import { oneOf, text } from "@/lib/search-params";

const KINDS = ["entities", "lists"] as const;
const TABS = ["try", "history"] as const;
export type UnderstandingKind = "intents" | (typeof KINDS)[number];
export type UnderstandingTab = (typeof TABS)[number];

export interface UnderstandingSearch {
  /** Entities or lists of words instead of intents. */
  kind?: (typeof KINDS)[number] | undefined;
  /** The open one; without it the first. */
  name?: string | undefined;
  tab?: UnderstandingTab | undefined;
  search?: string | undefined;
  /** The sentence that is tried. */
  say?: string | undefined;
}

export function understandingSearch(search: Record<string, unknown>): UnderstandingSearch {
  return {
    kind: oneOf(KINDS, search["kind"]),
    name: text(search["name"]),
    tab: oneOf(TABS, search["tab"]),
    search: text(search["search"]),
    say: text(search["say"]),
  };
}
