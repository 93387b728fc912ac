import { Checkbox } from "@mantine/core";
import {
  IconChecks,
  IconLanguage,
  IconPlus,
  IconReplace,
  IconSquare,
  IconSquareCheckFilled,
  IconTrash,
} from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ResponseItem } from "@/api/types";
import { useContent } from "@/components/content/content-context";
import { useResponseName } from "@/components/content/use-response-name";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches } from "@/components/feedback/state-views";
import { IconButton } from "@/components/icon-button";
import { ItemList } from "@/components/layout/item-list";
import { IconLink } from "@/components/links";
import { StateDot } from "@/components/state-badge";
import { useSearchChange } from "@/components/table/filter-bar";
import { FilterChips } from "@/components/table/filter-chips";
import { SearchField } from "@/components/table/search-field";
import { SelectionAction, SelectionBar } from "@/components/table/selection-bar";
import { focusEditor } from "./focus";
import classes from "./response-list.module.css";
import { useDeleteMany } from "./use-response-actions";
import {
  type Language,
  missingIn,
  type useResponses as useAll,
  useFilterDefinitions,
  useLanguages,
} from "./use-responses";

const route = getRouteApi("/assistants/$assistantId/responses");
const NONE = {
  missing: undefined,
  holds: undefined,
  channel: undefined,
  used: undefined,
  origin: undefined,
  state: undefined,
};

interface ResponseListProps {
  assistantId: string;
  list: Pick<UseQueryResult, "error" | "refetch"> | ReturnType<typeof useAll>["list"];
  rows: readonly ResponseItem[] | undefined;
  shown: readonly ResponseItem[];
  count: number | undefined;
  chosen: string | undefined;
  /** What is being searched for. */
  typed: string | undefined;
  onType: (words: string | undefined) => void;
  onNew: () => void;
}

export function ResponseList(props: ResponseListProps) {
  const { assistantId, list, rows, shown, count, chosen, typed, onType, onNew } = props;
  const { t, i18n } = useTranslation("responses");
  const { readOnly } = useContent();
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const filters = useFilterDefinitions(rows);
  const nameOf = useResponseName();
  const { others } = useLanguages(assistantId);
  const [ticked, setTicked] = useState<ReadonlySet<string> | null>(null);
  const { missing, holds, channel, used, origin, state } = search;
  const values = { missing, holds, channel, used, origin, state };
  const filtered = shown.length !== rows?.length;
  return (
    <>
      <div className={classes["filters"]}>
        <div className={classes["listHead"]}>
          <h2>{t("title")}</h2>
          <span className={classes["count"]}>
            {(filtered ? shown.length : (count ?? 0)).toLocaleString(i18n.language)}
          </span>
          <IconLink
            to="/assistants/$assistantId/translations"
            params={{ assistantId }}
            aria-label={t("translations")}
            title={t("translations")}
          >
            <IconLanguage size={18} stroke={1.75} />
          </IconLink>
          <IconButton
            label={t("select")}
            aria-pressed={ticked !== null}
            disabled={readOnly}
            onClick={() => setTicked(ticked ? null : new Set())}
          >
            <IconChecks size={18} stroke={1.75} />
          </IconButton>
          <IconButton
            label={t("replace.open")}
            disabled={readOnly}
            onClick={() => set({ replace: 1 })}
          >
            <IconReplace size={18} stroke={1.75} />
          </IconButton>
          <IconButton label={t("new")} keyHint="n" disabled={readOnly} onClick={onNew}>
            <IconPlus size={18} stroke={1.75} />
          </IconButton>
        </div>
        <SearchField label={t("search")} group={t("title")} value={typed} onChange={onType} />
        <FilterChips
          filters={filters}
          values={values}
          onChange={(id, value) => set({ [id]: value })}
          onClear={() => set(NONE)}
        />
        {ticked ? (
          <Checkbox
            label={t("selectShown", { count: shown.length })}
            checked={shown.length > 0 && shown.every(({ id }) => ticked.has(id))}
            onChange={(event) =>
              setTicked(
                event.currentTarget.checked ? new Set(shown.map(({ id }) => id)) : new Set(),
              )
            }
          />
        ) : null}
      </div>
      {list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !rows ? (
        <ListSkeleton />
      ) : shown.length === 0 && rows.length > 0 ? (
        <NothingMatches title={t("noMatch.title")} sentence={t("noMatch.sentence")} />
      ) : (
        <ItemList
          label={t("title")}
          rows={shown}
          rowId={(row) => row.id}
          chosen={chosen}
          {...(ticked ? { ticked, onTick: setTicked } : {})}
          onChoose={(row) => set({ response: row.id, new: undefined })}
          onEnter={focusEditor}
        >
          {(row) => (
            <Row row={row} name={nameOf(row.id)} languages={others} ticked={ticked?.has(row.id)} />
          )}
        </ItemList>
      )}
      {ticked && ticked.size > 0 ? (
        <Chosen
          assistantId={assistantId}
          rows={(rows ?? []).filter(({ id }) => ticked.has(id))}
          onDone={() => setTicked(null)}
        />
      ) : null}
    </>
  );
}

interface RowProps {
  row: ResponseItem;
  name: string;
  languages: readonly Language[];
  ticked: boolean | undefined;
}

/** Scrolling makes the list anew with each frame; a row that is the same stays. */
const Row = memo(function Row({ row, name, languages, ticked }: RowProps) {
  const { t } = useTranslation("responses");
  const missing = languages.filter(({ code }) => missingIn(row, code) > 0).map(({ name }) => name);
  const told =
    row.error_count > 0
      ? t("rowErrors", { count: row.error_count })
      : missing.length > 0
        ? t("rowMissing", { languages: missing.join(", ") })
        : row.warning_count > 0
          ? t("rowWarnings", { count: row.warning_count })
          : "";
  const Tick = ticked ? IconSquareCheckFilled : IconSquare;
  return (
    <div className={classes["row"]}>
      {ticked === undefined ? null : (
        <Tick size={18} stroke={1.75} className={classes["tick"]} aria-hidden="true" />
      )}
      <div className={classes["lines"]}>
        <b>{name}</b>
        <span dir="auto">{row.text || t(row.contents.length > 0 ? "notText" : "nothingYet")}</span>
      </div>
      {row.origin === "own" ? null : (
        <small className={classes["origin"]}>{t(`origin.${row.origin}`)}</small>
      )}
      {told ? (
        <span title={told}>
          <StateDot tone={row.error_count > 0 ? "err" : "warn"} />
          <span className="visually-hidden">{told}</span>
        </span>
      ) : null}
    </div>
  );
});

interface ChosenProps {
  assistantId: string;
  rows: readonly ResponseItem[];
  onDone: () => void;
}

/** What can be done to all ticked ones: those that are in use, and the runtime's, stay. */
function Chosen({ assistantId, rows, onDone }: ChosenProps) {
  const { t } = useTranslation("responses");
  const deleteMany = useDeleteMany(assistantId);
  const free = rows.filter(
    ({ origin, used_in }) => origin === "customised" || (origin === "own" && used_in.length === 0),
  );
  const kept = rows.length - free.length;
  return (
    <div className={classes["bulk"]}>
      {kept > 0 ? <p>{t("keptInUse", { count: kept })}</p> : null}
      <SelectionBar count={rows.length} onClear={onDone}>
        {free.length > 0 ? (
          <SelectionAction
            icon={<IconTrash size={18} stroke={1.75} />}
            label={t("deleteMany", { count: free.length })}
            onClick={() => {
              onDone();
              void deleteMany(free);
            }}
          />
        ) : null}
      </SelectionBar>
    </div>
  );
}
