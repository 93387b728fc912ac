import { text } from "@/lib/search-params";

export interface BuilderSearch {
  /** Id of the selected step, `START`, or `<step>:logic` for the branches after it. */
  step?: string | undefined;
  /** Tab of the side panel. */
  tab?: string | undefined;
  /** A system flow (default pattern) instead of one of the assistant's own. */
  system?: 1 | undefined;
}

export function builderSearch(search: Record<string, unknown>): BuilderSearch {
  return {
    step: text(search["step"]),
    tab: text(search["tab"]),
    ...(search["system"] === 1 ? { system: 1 as const } : {}),
  };
}
