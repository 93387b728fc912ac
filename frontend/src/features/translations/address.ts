import { oneOf, text } from "@/lib/search-params";

export const SHOWN = ["all", "missing", "outdated"] as const;
export const FIELDS = ["message", "button", "link", "flow_name"] as const;

export interface TranslationsSearch {
  /** Code of the language that is translated to; without it the first. */
  language?: string | undefined;
  /** Without it: what is to do, with the texts around. */
  show?: (typeof SHOWN)[number] | undefined;
  field?: (typeof FIELDS)[number] | undefined;
  flow?: string | undefined;
  search?: string | undefined;
  /** Id of the text that is being translated. */
  text?: string | undefined;
}

export function translationsSearch(search: Record<string, unknown>): TranslationsSearch {
  return {
    language: text(search["language"]),
    show: oneOf(SHOWN, search["show"]),
    field: oneOf(FIELDS, search["field"]),
    flow: text(search["flow"]),
    search: text(search["search"]),
    text: text(search["text"]),
  };
}
