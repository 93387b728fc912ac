import { oneOf, text } from "@/lib/search-params";

const RESPONSE_TABS = ["custom", "history"] as const;
const RESPONSE_ORIGINS = ["own", "customised", "default"] as const;

export interface ResponsesSearch {
  /** Name of the open response; without it the first. */
  response?: string | undefined;
  /** A new one is being written. */
  new?: 1 | undefined;
  /** Find and replace is open. */
  replace?: 1 | undefined;
  tab?: (typeof RESPONSE_TABS)[number] | undefined;
  /** Code of the language beside the assistant's own. */
  language?: string | undefined;
  search?: string | undefined;
  /** Code of a language that is not complete. */
  missing?: string | undefined;
  holds?: string | undefined;
  channel?: string | undefined;
  used?: "yes" | "no" | undefined;
  origin?: (typeof RESPONSE_ORIGINS)[number] | undefined;
  state?: "errors" | "warnings" | undefined;
}

export function responsesSearch(search: Record<string, unknown>): ResponsesSearch {
  return {
    response: text(search["response"]),
    ...(search["new"] === 1 ? { new: 1 as const } : {}),
    ...(search["replace"] === 1 ? { replace: 1 as const } : {}),
    tab: oneOf(RESPONSE_TABS, search["tab"]),
    language: text(search["language"]),
    search: text(search["search"]),
    missing: text(search["missing"]),
    holds: text(search["holds"]),
    channel: text(search["channel"]),
    used: oneOf(["yes", "no"] as const, search["used"]),
    origin: oneOf(RESPONSE_ORIGINS, search["origin"]),
    state: oneOf(["errors", "warnings"] as const, search["state"]),
  };
}
