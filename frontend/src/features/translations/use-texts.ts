import { type InfiniteData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo } from "react";
import {
  type TranslationRow,
  textId,
  translationRows,
  translationsQuery,
} from "@/api/translations";
import type { Page } from "@/api/types";

const NOTHING = "";

/** Every text of a language; those that are not here yet come page after page. */
export function useTexts(assistantId: string, language: string = NOTHING) {
  const list = useInfiniteQuery({
    ...translationsQuery(assistantId, language),
    enabled: language !== NOTHING,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rows = useMemo(() => list.data && translationRows(list.data.pages), [list.data]);
  return { list, rows };
}

type Pages = InfiniteData<Page<TranslationRow>>;

/** Puts what the server answered about single texts into the list. */
export function usePutTexts(assistantId: string, language: string) {
  const client = useQueryClient();
  return useCallback(
    (texts: readonly TranslationRow[]) => {
      const newer = new Map(texts.map((text) => [textId(text), text]));
      const { queryKey } = translationsQuery(assistantId, language);
      client.setQueryData(queryKey, (data: Pages | undefined) =>
        data === undefined
          ? data
          : {
              ...data,
              pages: data.pages.map((page) => ({
                ...page,
                results: page.results.map((row) => newer.get(textId(row)) ?? row),
              })),
            },
      );
      void client.invalidateQueries({ queryKey: ["content", assistantId, "languages"] });
      void client.invalidateQueries({ queryKey: ["content", assistantId, "responses"] });
    },
    [client, assistantId, language],
  );
}
