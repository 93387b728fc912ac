import { SegmentedControl } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { type CommitFilters, commitsQuery } from "@/api/history";
import { useMe } from "@/api/me";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches, StateView } from "@/components/feedback/state-views";
import { Columns } from "@/components/layout/columns";
import { PageFrame } from "@/components/layout/page-frame";
import { useSearchChange } from "@/components/table/filter-bar";
import { FilterChips } from "@/components/table/filter-chips";
import { SearchField } from "@/components/table/search-field";
import { useCommands } from "@/lib/commands/use-commands";
import { CommitDetails } from "./commit-details";
import { CommitList } from "./commit-list";
import classes from "./history-page.module.css";
import { useFilterDefinitions } from "./use-filter-definitions";

const route = getRouteApi("/assistants/$assistantId/history");
const SEARCH_MS = 200;

/** Every change of the assistant: who made it, when, by which door, what it did, and the way back. */
export function HistoryPage() {
  const { t } = useTranslation("history");
  const { assistantId } = route.useParams();
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const assistant = useQuery(assistantQuery(assistantId));
  const filters = useFilters();
  const list = useInfiniteQuery(commitsQuery(assistantId, filters));
  const rows = list.data?.pages.flatMap((page) => page.results);
  const chosen = search.commit ?? rows?.[0]?.number;
  useStepping(rows?.map(({ number }) => number) ?? [], chosen);
  const filtered = Object.values(filters).some((value) => value !== undefined);
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <Columns
        label={t("title")}
        chosen={search.commit !== undefined}
        list={
          <>
            <Filters />
            {list.error ? (
              <ErrorState error={list.error} onRetry={() => void list.refetch()} />
            ) : !rows ? (
              <AfterPause>
                <ListSkeleton />
              </AfterPause>
            ) : rows.length > 0 ? (
              <CommitList
                assistantId={assistantId}
                rows={rows}
                chosen={chosen}
                onChoose={(commit) => set({ commit })}
                onEnd={() => {
                  if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
                }}
              />
            ) : filtered ? (
              <NothingMatches title={t("noMatch.title")} sentence={t("noMatch.sentence")} />
            ) : (
              <StateView
                drawing={<IconHistory size={28} stroke={1.75} />}
                title={t("empty.title")}
                sentence={t("empty.sentence")}
              />
            )}
          </>
        }
      >
        {chosen === undefined ? (
          <p className={classes["choose"]}>{t("choose")}</p>
        ) : (
          <CommitDetails
            key={chosen}
            assistantId={assistantId}
            number={chosen}
            only={search.kind && search.key ? { kind: search.kind, key: search.key } : null}
            onBack={() => set({ commit: undefined })}
          />
        )}
      </Columns>
    </PageFrame>
  );
}

/** What the address says, as the server understands it. */
function useFilters(): CommitFilters {
  const { id: me } = useMe();
  const { kind, key, door, author, search } = route.useSearch();
  const [q] = useDebouncedValue(search, SEARCH_MS);
  return { kind, key, door, author: author === "me" ? me : author, q };
}

function Filters() {
  const { t } = useTranslation("history");
  const { assistantId } = route.useParams();
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const filters = useFilterDefinitions(assistantId);
  const values = { kind: search.kind, key: search.key, door: search.door };
  return (
    <div className={classes["filters"]}>
      <h2>{t("list")}</h2>
      <SegmentedControl
        fullWidth
        aria-label={t("who")}
        value={search.author === "me" ? "mine" : "all"}
        onChange={(value) =>
          set({ author: value === "mine" ? "me" : undefined, commit: undefined })
        }
        data={(["all", "mine"] as const).map((value) => ({ value, label: t(value) }))}
      />
      <SearchField
        label={t("search")}
        group={t("title")}
        value={search.search}
        onChange={(value) => set({ search: value, commit: undefined })}
      />
      <FilterChips
        filters={filters}
        values={values}
        onChange={(id, value) =>
          set({ [id]: value, ...(id === "kind" ? { key: undefined } : {}), commit: undefined })
        }
        onClear={() => set({ kind: undefined, key: undefined, door: undefined, commit: undefined })}
      />
    </div>
  );
}

/** `n` and `p`: to the change below and above. */
function useStepping(numbers: readonly number[], chosen: number | undefined): void {
  const { t } = useTranslation("history");
  const set = useSearchChange<{ commit?: number | undefined }>();
  const step = (by: number) => {
    const next = numbers[numbers.indexOf(chosen ?? -1) + by];
    if (next !== undefined) set({ commit: next });
  };
  const group = t("title");
  useCommands([
    { id: "history:next", label: t("next"), group, keys: ["n"], run: () => step(1) },
    { id: "history:previous", label: t("previous"), group, keys: ["p"], run: () => step(-1) },
  ]);
}
