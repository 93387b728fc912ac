import { oneOf, text } from "@/lib/search-params";

const HOME_VIEWS = ["list"] as const;
const HOME_SHOWS = ["deleted"] as const;

export interface HomeSearch {
  search?: string | undefined;
  view?: (typeof HOME_VIEWS)[number] | undefined;
  show?: (typeof HOME_SHOWS)[number] | undefined;
}

export function homeSearch(search: Record<string, unknown>): HomeSearch {
  return {
    search: text(search["search"]),
    view: oneOf(HOME_VIEWS, search["view"]),
    show: oneOf(HOME_SHOWS, search["show"]),
  };
}
