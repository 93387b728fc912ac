import { oneOf, text } from "@/lib/search-params";

const FLOW_TABS = ["system", "deleted"] as const;
const FLOW_STATES = ["ready", "errors", "warnings"] as const;
const FLOW_ORDERINGS = ["name", "-updated_at"] as const;

export interface FlowsSearch {
  tab?: (typeof FLOW_TABS)[number] | undefined;
  search?: string | undefined;
  state?: (typeof FLOW_STATES)[number] | undefined;
  /** Id of the person who edited last. */
  author?: string | undefined;
  ordering?: (typeof FLOW_ORDERINGS)[number] | undefined;
}

export function flowsSearch(search: Record<string, unknown>): FlowsSearch {
  return {
    tab: oneOf(FLOW_TABS, search["tab"]),
    search: text(search["search"]),
    state: oneOf(FLOW_STATES, search["state"]),
    author: text(search["author"]),
    ordering: oneOf(FLOW_ORDERINGS, search["ordering"]),
  };
}
