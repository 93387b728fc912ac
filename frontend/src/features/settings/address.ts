import { number, oneOf, text } from "@/lib/search-params";

export interface PeopleSearch {
  search?: string | undefined;
  page?: number | undefined;
}

export function peopleSearch(search: Record<string, unknown>): PeopleSearch {
  return {
    search: text(search["search"]),
    page: typeof search["page"] === "number" && search["page"] > 1 ? search["page"] : undefined,
  };
}

/** `line`: where to begin in the file. */
export function lineSearch(search: Record<string, unknown>): { line?: number | undefined } {
  return { line: number(search["line"]) };
}

const PROMPTS = [
  "command_generator",
  "contextual_response_rephraser",
  "enterprise_search",
] as const;

export interface PromptsSearch {
  prompt?: (typeof PROMPTS)[number] | undefined;
  /** The default stands beside it. */
  compare?: boolean | undefined;
  /** The conversation of the preview. */
  talk?: string | undefined;
}

export function promptsSearch(search: Record<string, unknown>): PromptsSearch {
  return {
    prompt: oneOf(PROMPTS, search["prompt"]),
    compare: search["compare"] === true || undefined,
    talk: text(search["talk"]),
  };
}

export interface ActivitySearch {
  search?: string | undefined;
  action?: string | undefined;
}

export function activitySearch(search: Record<string, unknown>): ActivitySearch {
  return { search: text(search["search"]), action: text(search["action"]) };
}
