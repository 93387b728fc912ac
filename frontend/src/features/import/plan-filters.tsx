import { SegmentedControl } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ImportedItem } from "@/api/imports";
import { useKindName } from "@/components/content/use-kind";
import { FilterBar, useSearchChange } from "@/components/table/filter-bar";
import { FilterChips } from "@/components/table/filter-chips";
import { SearchField } from "@/components/table/search-field";
import { capitalised } from "@/lib/capitalised";
import { IMPORT_SHOWS } from "./address";
import classes from "./import.module.css";

const route = getRouteApi("/assistants/$assistantId/import");
const ALL = "all";

/** The counts are filters. */
export function PlanFilters({ diff }: { diff: readonly ImportedItem[] }) {
  const { t } = useTranslation("import");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const kindName = useKindName();
  const count = (action: string) => diff.filter((item) => item.action === action).length;
  const kinds = [...new Set(diff.map(({ kind }) => kind))];
  return (
    <FilterBar
      end={
        <div className={classes["counts"]}>
          <SegmentedControl
            size="sm"
            aria-label={t("show.label")}
            value={search.show ?? ALL}
            data={[
              { value: ALL, label: t("show.all", { count: diff.length }) },
              ...IMPORT_SHOWS.map((value) => ({
                value,
                label: t(`show.${value}`, { count: count(value) }),
              })),
            ]}
            onChange={(value) => set({ show: IMPORT_SHOWS.find((each) => each === value) })}
          />
        </div>
      }
    >
      <SearchField
        label={t("find")}
        group={t("title")}
        width={240}
        value={search.search}
        onChange={(value) => set({ search: value })}
      />
      <FilterChips
        filters={[
          {
            id: "kind",
            name: t("kind"),
            anyLabel: t("anyKind"),
            options: kinds.map((value) => ({ value, label: capitalised(kindName(value)) })),
          },
        ]}
        values={{ kind: search.kind }}
        onChange={(id, value) => set({ [id]: value })}
        onClear={() => set({ kind: undefined })}
      />
    </FilterBar>
  );
}
