import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconDownload, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { type AuditEntry, auditQuery, exportAudit } from "@/api/audit";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches, StateView } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { Page } from "@/components/layout/page-frame";
import { Moment } from "@/components/moment";
import { BarSelect } from "@/components/table/bar-select";
import { DataTable } from "@/components/table/data-table";
import { FilterBar, useSearchChange } from "@/components/table/filter-bar";
import { SearchField } from "@/components/table/search-field";
import { saveFile } from "@/lib/save-file";
import { ACTIONS } from "./actions";
import classes from "./settings.module.css";
import { SettingsPage } from "./settings-page";

const route = getRouteApi("/home/settings/activity");
const SEARCH_MS = 200;

export function ActivityPage() {
  const { t } = useTranslation("settings");
  const { search, action } = route.useSearch();
  const set = useSearchChange<{ search?: string | undefined; action?: string | undefined }>();
  const [words] = useDebouncedValue(search, SEARCH_MS);
  const filters = { search: words, action };
  const record = useInfiniteQuery(auditQuery(filters));
  const save = useMutation({
    mutationFn: (kind: "csv" | "json") => exportAudit(kind, filters),
    onSuccess: saveFile,
    onError: toast.refused,
  });
  const rows = record.data?.pages.flatMap((page) => page.results);
  return (
    <SettingsPage name="activity">
      <Page
        title={t("activity.title")}
        sentence={t("activity.sentence")}
        actions={(["csv", "json"] as const).map((kind) => (
          <Button
            key={kind}
            variant="default"
            leftSection={<IconDownload size={18} stroke={1.75} />}
            onClick={() => save.mutate(kind)}
          >
            {t(`activity.${kind}`)}
          </Button>
        ))}
      >
        <FilterBar>
          <SearchField
            label={t("activity.search")}
            group={t("activity.title")}
            width={240}
            value={search}
            onChange={(value) => set({ search: value })}
          />
          <BarSelect
            aria-label={t("activity.action")}
            placeholder={t("activity.anything")}
            clearable
            searchable
            value={action ?? null}
            onChange={(value) => set({ action: value ?? undefined })}
            data={ACTIONS.map((value) => ({ value, label: t(`actions.${value}`) }))}
          />
        </FilterBar>
        {record.error ? (
          <ErrorState error={record.error} onRetry={() => void record.refetch()} />
        ) : !rows ? (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        ) : rows.length > 0 ? (
          <>
            <Entries rows={rows} />
            {record.hasNextPage ? (
              <div className={classes["foot"]}>
                <Button
                  variant="default"
                  loading={record.isFetchingNextPage}
                  onClick={() => void record.fetchNextPage()}
                >
                  {t("activity.more")}
                </Button>
              </div>
            ) : null}
          </>
        ) : words || action ? (
          <NothingMatches title={t("activity.nothing")} />
        ) : (
          <StateView
            drawing={<IconHistory size={28} stroke={1.75} />}
            title={t("activity.empty.title")}
            sentence={t("activity.empty.sentence")}
          />
        )}
      </Page>
    </SettingsPage>
  );
}

function Entries({ rows }: { rows: readonly AuditEntry[] }) {
  const { t } = useTranslation("settings");
  const removed = ({ detail }: AuditEntry) =>
    (["conversations", "events"] as const).flatMap((what) => {
      const count = detail[what];
      return typeof count === "number" ? [t(`activity.${what}`, { count })] : [];
    });
  const who = (entry: AuditEntry) =>
    entry.actor || t(entry.address ? "activity.nobody" : "activity.command");
  return (
    <DataTable
      label={t("activity.title")}
      rows={rows}
      rowId={(entry) => String(entry.id)}
      rowLabel={(entry) => `${who(entry)}: ${t(`actions.${entry.action}`)}`}
      columns={[
        {
          id: "when",
          title: t("activity.columns.when"),
          width: "150px",
          cell: (entry) => <Moment at={entry.at} />,
        },
        {
          id: "who",
          title: t("activity.columns.who"),
          width: "minmax(0, 1fr)",
          cell: who,
        },
        {
          id: "what",
          title: t("activity.columns.what"),
          width: "minmax(0, 1fr)",
          cell: (entry) => t(`actions.${entry.action}`),
        },
        {
          id: "on",
          title: t("activity.columns.on"),
          width: "minmax(0, 1fr)",
          cell: (entry) =>
            [entry.target || entry.target_id, ...removed(entry)].filter(Boolean).join(" · "),
        },
        {
          id: "from",
          title: t("activity.columns.from"),
          width: "130px",
          hide: "slim",
          cell: (entry) => entry.address,
        },
      ]}
    />
  );
}
