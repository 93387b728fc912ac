import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { unusedQuery } from "@/api/unused";
import { useContent } from "@/components/content/content-context";
import { useSearchChange } from "@/components/table/filter-bar";
import { FilterChips } from "@/components/table/filter-chips";
import classes from "./slots.module.css";

const route = getRouteApi("/assistants/$assistantId/slots");

/** The rows that the filter leaves: all, or those that nothing uses; undefined until that is known. */
export function useUnused<Row extends { id: string }>(
  kind: "slots" | "actions",
  rows: Row[] | undefined,
) {
  const { assistantId } = useContent();
  const wanted = route.useSearch().used === "no";
  const { data, error, refetch } = useQuery({ ...unusedQuery(assistantId), enabled: wanted });
  const left = useMemo(() => {
    if (!wanted) return rows;
    const names = data && new Set(data[kind]);
    return names && rows?.filter(({ id }) => names.has(id));
  }, [wanted, data, kind, rows]);
  return { rows: left, wanted, error: wanted ? error : null, refetch };
}

export function UsedFilter() {
  const { t } = useTranslation("responses");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  return (
    <div className={classes["filters"]}>
      <FilterChips
        filters={[
          {
            id: "used",
            name: t("filters.used"),
            options: [{ value: "no", label: t("used.no") }],
          },
        ]}
        values={{ used: search.used }}
        onChange={(_id, value) => set({ used: value === "no" ? "no" : undefined })}
        onClear={() => set({ used: undefined })}
      />
    </div>
  );
}
