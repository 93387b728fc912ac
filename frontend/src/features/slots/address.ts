import { oneOf, text } from "@/lib/search-params";

const SLOT_TABS = ["uses", "history"] as const;

export interface SlotsSearch {
  /** Actions instead of slots. */
  kind?: "actions" | undefined;
  /** The open one; without it the first. */
  name?: string | undefined;
  tab?: (typeof SLOT_TABS)[number] | undefined;
  search?: string | undefined;
  /** Those alone that nothing uses. */
  used?: "no" | undefined;
}

export function slotsSearch(search: Record<string, unknown>): SlotsSearch {
  return {
    kind: oneOf(["actions"] as const, search["kind"]),
    name: text(search["name"]),
    tab: oneOf(SLOT_TABS, search["tab"]),
    search: text(search["search"]),
    used: oneOf(["no"] as const, search["used"]),
  };
}
