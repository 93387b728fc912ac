import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconArrowsSort, IconCopy, IconDownload, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { contentListQuery } from "@/api/content";
import { usePermission } from "@/api/me";
import type { FlowItem } from "@/api/types";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import {
  ErrorState,
  FlowDrawing,
  NothingMatches,
  StateView,
} from "@/components/feedback/state-views";
import { DataTable } from "@/components/table/data-table";
import { FilterBar, useSearchChange } from "@/components/table/filter-bar";
import { FilterChips } from "@/components/table/filter-chips";
import { SearchField } from "@/components/table/search-field";
import { SelectionAction, SelectionBar } from "@/components/table/selection-bar";
import { DeleteDialog } from "./delete-dialog";
import { ExportDialog } from "./export-dialog";
import { useFlowColumns } from "./flow-columns";
import classes from "./flows-page.module.css";
import { useFlowCommands } from "./use-flow-commands";

const route = getRouteApi("/assistants/$assistantId/flows");
const SEARCH_MS = 80;
const NONE: ReadonlySet<string> = new Set();

interface FlowListProps {
  assistantId: string;
  onNew: () => void;
}

export function FlowList({ assistantId, onNew }: FlowListProps) {
  const { tab, search, state, author, ordering } = route.useSearch();
  const [words] = useDebouncedValue(search, SEARCH_MS);
  const kind = tab === "system" ? "system-flows" : "flows";
  const flows = useQuery({
    ...contentListQuery(assistantId, kind, {
      search: words,
      // The server tells system flows apart by their words alone.
      ...(tab === "system" ? {} : { state, ordering: ordering ?? "-updated_at" }),
      ...(tab === "deleted" ? { deleted: true } : {}),
    }),
    placeholderData: (previous) => previous,
  });
  const all = flows.data?.results;
  const rows = useMemo(
    () => all?.filter((flow) => author === undefined || flow.updated_by?.id === author),
    [all, author],
  );
  const filtered = Boolean(search || (tab !== "system" && state) || author);
  return (
    <>
      <FlowFilters flows={all ?? []} />
      {flows.error ? (
        <ErrorState error={flows.error} onRetry={() => void flows.refetch()} />
      ) : rows ? (
        <FlowTable assistantId={assistantId} rows={rows} filtered={filtered} onNew={onNew} />
      ) : (
        <AfterPause>
          <ListSkeleton />
        </AfterPause>
      )}
    </>
  );
}

function FlowFilters({ flows }: { flows: readonly FlowItem[] }) {
  const { t } = useTranslation("flows");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const authors = new Map(flows.flatMap(({ updated_by: by }) => (by ? [[by.id, by.name]] : [])));
  const newest = search.ordering !== "name";
  const system = search.tab === "system";
  const order = (
    <Button
      variant="subtle"
      size="xs"
      className={classes["order"]}
      leftSection={<IconArrowsSort size={16} stroke={1.75} />}
      onClick={() => set({ ordering: newest ? "name" : undefined })}
    >
      {t(newest ? "order.newest" : "order.name")}
    </Button>
  );
  const state = {
    id: "state",
    name: t("columns.state"),
    anyLabel: t("any"),
    options: (["ready", "errors", "warnings"] as const).map((value) => ({
      value,
      label: t(`states.${value}`),
    })),
  };
  return (
    <FilterBar end={system ? null : order}>
      <SearchField
        label={t("search")}
        group={t("title")}
        width={300}
        value={search.search}
        onChange={(value) => set({ search: value })}
      />
      <FilterChips
        filters={[
          ...(system ? [] : [state]),
          {
            id: "author",
            name: t("editedBy"),
            anyLabel: t("anyone"),
            options: [...authors].map(([value, label]) => ({ value, label })),
          },
        ]}
        values={{ state: search.state, author: search.author }}
        onChange={(id, value) => set({ [id]: value })}
        onClear={() => set({ state: undefined, author: undefined })}
      />
    </FilterBar>
  );
}

interface FlowTableProps {
  assistantId: string;
  rows: readonly FlowItem[];
  filtered: boolean;
  onNew: () => void;
}

function FlowTable({ assistantId, rows, filtered, onNew }: FlowTableProps) {
  const { t } = useTranslation("flows");
  const { tab, search = "" } = route.useSearch();
  const navigate = useNavigate();
  const mayEdit = usePermission("content.edit");
  const [chosen, setChosen] = useState(NONE);
  const [toDelete, setToDelete] = useState<readonly FlowItem[] | null>(null);
  const [toExport, setToExport] = useState<readonly FlowItem[] | null>(null);
  const commands = useFlowCommands(assistantId);
  const system = tab === "system";
  const remove = (flows: readonly FlowItem[]) => {
    const linked = flows.some((flow) => flow.linked_from.length + flow.called_from.length > 0);
    if (linked) setToDelete(flows);
    else commands.remove(flows);
    setChosen(NONE);
  };
  const columns = useFlowColumns({
    assistantId,
    search,
    tab,
    mayEdit,
    commands,
    onRemove: remove,
    onExport: setToExport,
  });
  if (rows.length === 0) return <NoFlows filtered={filtered} mayEdit={mayEdit} onNew={onNew} />;
  const ticked = rows.filter((flow) => chosen.has(flow.id));
  return (
    <>
      <DataTable
        label={t("title")}
        rows={rows}
        rowId={(flow) => flow.id}
        rowLabel={(flow) => flow.name}
        columns={columns}
        {...(tab === "deleted"
          ? {}
          : {
              onOpen: (flow: FlowItem) =>
                void navigate({
                  to: "/assistants/$assistantId/flows/$flowId",
                  params: { assistantId, flowId: flow.id },
                  search: system ? { system: 1 } : {},
                }),
            })}
        {...(tab === undefined ? { selection: { chosen, onChange: setChosen } } : {})}
      />
      <SelectionBar count={ticked.length} onClear={() => setChosen(NONE)}>
        <SelectionAction
          icon={<IconDownload size={18} stroke={1.75} />}
          label={t("export.short")}
          onClick={() => setToExport(ticked)}
        />
        {mayEdit ? (
          <>
            <SelectionAction
              icon={<IconCopy size={18} stroke={1.75} />}
              label={t("duplicate")}
              onClick={() => commands.duplicate(ticked)}
            />
            <SelectionAction
              icon={<IconTrash size={18} stroke={1.75} />}
              label={t("delete")}
              onClick={() => remove(ticked)}
            />
          </>
        ) : null}
      </SelectionBar>
      {toExport ? (
        <ExportDialog
          flows={toExport}
          onClose={() => setToExport(null)}
          onExport={(linked) => {
            commands.exportOnly(toExport, linked);
            setToExport(null);
          }}
        />
      ) : null}
      {toDelete ? (
        <DeleteDialog
          assistantId={assistantId}
          flows={toDelete}
          onClose={() => setToDelete(null)}
          onDelete={() => {
            commands.remove(toDelete);
            setToDelete(null);
          }}
        />
      ) : null}
    </>
  );
}

function NoFlows({
  filtered,
  mayEdit,
  onNew,
}: {
  filtered: boolean;
  mayEdit: boolean;
  onNew: () => void;
}) {
  const { t } = useTranslation("flows");
  const { tab } = route.useSearch();
  const navigate = useNavigate({ from: "/assistants/$assistantId/flows" });
  if (filtered) {
    return (
      <NothingMatches
        title={t("nothing.title")}
        sentence={t("nothing.sentence")}
        actions={
          <Button
            variant="default"
            onClick={() => void navigate({ search: tab ? { tab } : {}, replace: true })}
          >
            {t("nothing.clear")}
          </Button>
        }
      />
    );
  }
  if (tab === "deleted")
    return <StateView drawing={<IconTrash size={28} stroke={1.75} />} title={t("noneDeleted")} />;
  return (
    <StateView
      drawing={<FlowDrawing />}
      title={t("empty.title")}
      sentence={t("empty.sentence")}
      actions={
        mayEdit ? (
          <Button leftSection={<IconPlus size={18} stroke={1.75} />} onClick={onNew}>
            {t("new")}
          </Button>
        ) : null
      }
    />
  );
}
