import { number, oneOf, text } from "@/lib/search-params";

const YES_NO = ["true", "false"] as const;
const OUTCOMES = ["completed", "cancelled", "left", "handed_over", "error", "open"] as const;

export interface ConversationsSearch {
  search?: string | undefined;
  channel?: string | undefined;
  test?: (typeof YES_NO)[number] | undefined;
  flow?: string | undefined;
  reviewed?: (typeof YES_NO)[number] | undefined;
  outcome?: (typeof OUTCOMES)[number] | undefined;
  tag?: string | undefined;
}

export function conversationsSearch(search: Record<string, unknown>): ConversationsSearch {
  return {
    search: text(search["search"]),
    channel: text(search["channel"]),
    test: oneOf(YES_NO, String(search["test"])),
    flow: text(search["flow"]),
    reviewed: oneOf(YES_NO, String(search["reviewed"])),
    outcome: oneOf(OUTCOMES, search["outcome"]),
    tag: text(search["tag"]),
  };
}

/** The filters of the list one came from, and the selected event. */
export function conversationSearch(
  search: Record<string, unknown>,
): ConversationsSearch & { event?: number | undefined } {
  return { ...conversationsSearch(search), event: number(search["event"]) };
}
