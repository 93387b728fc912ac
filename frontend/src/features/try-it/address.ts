import { number, oneOf, text } from "@/lib/search-params";

const INSPECTOR_TABS = ["where", "time", "actions"] as const;

export interface TryItSearch {
  /** Id of the version to talk to; without it the newest that answers. */
  version?: string | undefined;
  /** Number of the turn that the inspector shows; without it the latest. */
  turn?: number | undefined;
  /** Tab of the inspector; without it the slots. */
  tab?: (typeof INSPECTOR_TABS)[number] | undefined;
}

export function tryItSearch(search: Record<string, unknown>): TryItSearch {
  return {
    version: text(search["version"]),
    turn: number(search["turn"]),
    tab: oneOf(INSPECTOR_TABS, search["tab"]),
  };
}
