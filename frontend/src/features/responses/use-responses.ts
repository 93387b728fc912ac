import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { allContentQuery } from "@/api/content";
import { usePermission } from "@/api/me";
import { responseRows, responsesQuery } from "@/api/responses";
import type { ResponseItem } from "@/api/types";
import type { Content } from "@/components/content/content-context";
import { useResponseName } from "@/components/content/use-response-name";
import type { FilterDefinition } from "@/components/table/filter-chips";
import { languageName } from "@/lib/language-name";

const route = getRouteApi("/assistants/$assistantId/responses");

const CONTENTS = ["text", "buttons", "image", "custom", "condition"] as const;
const ORIGINS = ["own", "customised", "default"] as const;
const STATES = ["errors", "warnings"] as const;

/** All responses of the assistant; those that are not here yet come page after page. */
export function useResponses(assistantId: string) {
  const list = useInfiniteQuery(responsesQuery(assistantId));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const rows = useMemo(() => list.data && responseRows(list.data.pages), [list.data]);
  return { list, rows, count: list.data?.pages[0]?.count ?? rows?.length };
}

const NONE: readonly ResponseItem[] = [];

/** What the fields of this page need: the responses are those of the list, and the rest comes after them. */
export function useContentHere(
  assistantId: string,
  rows: readonly ResponseItem[] | undefined,
): Content {
  const enabled = rows !== undefined;
  const flows = useQuery({ ...allContentQuery(assistantId, "flows"), enabled }).data;
  const slots = useQuery({ ...allContentQuery(assistantId, "slots"), enabled }).data;
  const actions = useQuery({ ...allContentQuery(assistantId, "actions"), enabled }).data;
  const readOnly = !usePermission("content.edit");
  return useMemo(
    () => ({
      assistantId,
      readOnly,
      sources: {
        flows: flows ?? [],
        responses: new Map((rows ?? NONE).map((row) => [row.id, row])),
        slots: new Map(slots?.map((slot) => [slot.id, slot])),
        actions: actions ?? [],
      },
    }),
    [assistantId, readOnly, flows, slots, actions, rows],
  );
}

export interface Language {
  code: string;
  name: string;
}

/** The language that the assistant speaks first, and the others; each with its name. */
export function useLanguages(assistantId: string) {
  const { i18n } = useTranslation();
  const assistant = useQuery(assistantQuery(assistantId)).data;
  return useMemo(() => {
    const named = (code: string) => ({ code, name: languageName(code, i18n.language) });
    return {
      own: named(assistant?.language ?? "en"),
      others: (assistant?.additional_languages ?? []).map((code) => named(String(code))),
    };
  }, [assistant, i18n.language]);
}

export function useFilterDefinitions(rows: readonly ResponseItem[] = []): FilterDefinition[] {
  const { t } = useTranslation("responses");
  const { assistantId } = route.useParams();
  const { others } = useLanguages(assistantId);
  const channels = useMemo(() => [...new Set(rows.flatMap((row) => row.channels))].sort(), [rows]);
  const filters: FilterDefinition[] = [
    {
      id: "missing",
      name: t("filters.missing"),
      options: others.map(({ code, name }) => ({ value: code, label: name })),
    },
    {
      id: "holds",
      name: t("filters.holds"),
      options: CONTENTS.map((value) => ({ value, label: t(`holds.${value}`) })),
    },
    {
      id: "channel",
      name: t("filters.channel"),
      options: channels.map((value) => ({ value, label: value })),
    },
    {
      id: "used",
      name: t("filters.used"),
      options: (["no", "yes"] as const).map((value) => ({ value, label: t(`used.${value}`) })),
    },
    {
      id: "origin",
      name: t("filters.origin"),
      options: ORIGINS.map((value) => ({ value, label: t(`origin.${value}`) })),
    },
    {
      id: "state",
      name: t("filters.state"),
      options: STATES.map((value) => ({ value, label: t(`state.${value}`) })),
    },
  ];
  return filters.filter(({ options }) => options.length > 0);
}

export interface ResponseFilters {
  search?: string | undefined;
  missing?: string | undefined;
  holds?: string | undefined;
  channel?: string | undefined;
  used?: string | undefined;
  origin?: string | undefined;
  state?: string | undefined;
}

/** The rows that the filters leave. Every word of the search is in the name or the words of the response. */
export function useFiltered(
  rows: readonly ResponseItem[] | undefined,
  filters: ResponseFilters,
  unused: readonly string[] | undefined,
): readonly ResponseItem[] {
  const nameOf = useResponseName();
  const searchable = useMemo(
    () =>
      (rows ?? []).map((row) => ({
        row,
        text: `${row.id} ${nameOf(row.id)} ${row.text} ${row.words}`.toLowerCase(),
      })),
    [rows, nameOf],
  );
  const { search = "", ...kept } = filters;
  const { missing, holds, channel, used, origin, state } = kept;
  return useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const tests = testsOf({ missing, holds, channel, used, origin, state }, new Set(unused));
    return searchable
      .filter(
        ({ row, text }) =>
          words.every((word) => text.includes(word)) && tests.every((test) => test(row)),
      )
      .map(({ row }) => row);
  }, [searchable, search, missing, holds, channel, used, origin, state, unused]);
}

type Test = (row: ResponseItem) => boolean;

/** What a row has to pass: one test for each filter that is set. */
function testsOf(filters: Omit<ResponseFilters, "search">, unused: ReadonlySet<string>): Test[] {
  const { missing, holds, channel, used, origin, state } = filters;
  const tests: (Test | false)[] = [
    missing !== undefined && ((row) => missingIn(row, missing) > 0),
    holds !== undefined && ((row) => row.contents.some((each) => each === holds)),
    channel !== undefined && ((row) => row.channels.includes(channel)),
    used === "yes" && ((row) => row.used_in.length > 0),
    used === "no" && ((row) => unused.has(row.id)),
    origin !== undefined && ((row) => row.origin === origin),
    state === "errors" && ((row) => row.error_count > 0),
    state === "warnings" && ((row) => row.warning_count > 0),
  ];
  return tests.filter((test) => test !== false);
}

/** How many of its texts are not there in this language. */
export function missingIn(row: ResponseItem, language: string): number {
  return row.texts - (row.translated[language] ?? 0);
}
