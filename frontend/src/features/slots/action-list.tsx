import type { UseQueryResult } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ActionItem } from "@/api/types";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches } from "@/components/feedback/state-views";
import { ItemList } from "@/components/layout/item-list";
import { useSearchChange } from "@/components/table/filter-bar";
import { SearchField } from "@/components/table/search-field";
import { humanise } from "@/lib/humanise";
import classes from "./slots.module.css";
import { UsedFilter, useUnused } from "./use-unused";

const route = getRouteApi("/assistants/$assistantId/slots");

interface ActionListProps {
  query: UseQueryResult<ActionItem[]>;
  chosen: string | undefined;
  onChoose: (action: string) => void;
}

export function ActionList({ query, chosen, onChoose }: ActionListProps) {
  const { t } = useTranslation("slots");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const words = (search.search ?? "").toLowerCase();
  const left = useUnused("actions", query.data);
  const rows = useMemo(
    () => (left.rows ?? []).filter(({ id }) => id.toLowerCase().includes(words)),
    [left.rows, words],
  );
  const failed = query.error ? query : left;
  return (
    <>
      <div className={classes["bar"]}>
        <SearchField
          label={t("searchActions")}
          group={t("title")}
          value={search.search}
          onChange={(value) => set({ search: value })}
        />
      </div>
      <UsedFilter />
      {failed.error ? (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      ) : !left.rows ? (
        <AfterPause>
          <ListSkeleton />
        </AfterPause>
      ) : rows.length === 0 && (words || left.wanted) ? (
        <NothingMatches title={t(words ? "noMatch" : "allUsed")} />
      ) : (
        <ItemList
          label={t("actions")}
          rows={rows}
          rowId={(action) => action.id}
          chosen={chosen}
          onChoose={(action) => onChoose(action.id)}
        >
          {(action) => (
            <div className={classes["lines"]}>
              <b>{humanise(action.id)}</b>
              <small>
                <code>{action.id}</code>, {t("steps", { count: action.used_in.length })}
              </small>
            </div>
          )}
        </ItemList>
      )}
    </>
  );
}
