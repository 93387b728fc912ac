import { api } from "./client";
import type { Page } from "./types";

/** The most that the server puts on one page of a counted list. */
const LONGEST_PAGE = 1000;

type Query = Record<string, string | number | boolean | undefined>;

/** A whole list, page after page, as one. For lists that a person looks through or that names are taken from. */
export async function everyPage<Item>(
  path: string,
  query: Query,
  signal: AbortSignal,
): Promise<Page<Item>> {
  const first = await api.get<Page<Item>>(path, {
    query: { page_size: LONGEST_PAGE, ...query },
    signal,
  });
  const results = [...first.results];
  let { next } = first;
  while (next) {
    const page = await api.get<Page<Item>>(next, { signal });
    results.push(...page.results);
    next = page.next;
  }
  return { ...first, next: null, results };
}
