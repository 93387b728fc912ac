import { Button } from "@mantine/core";
import { IconArrowRight, IconCircleCheck } from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useCallback, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Language, Languages } from "@/api/languages";
import { useContent } from "@/components/content/content-context";
import { SavedHere } from "@/components/content/saved-state";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import {
  ErrorState,
  NothingMatches,
  ReadOnlyBanner,
  StateView,
} from "@/components/feedback/state-views";
import { FilterBar, useSearchChange } from "@/components/table/filter-bar";
import { FilterChips, type FilterDefinition } from "@/components/table/filter-chips";
import { SearchField } from "@/components/table/search-field";
import { languageName } from "@/lib/language-name";
import { FIELDS, SHOWN } from "./address";
import { useTranslationCommands } from "./commands";
import { TextList } from "./text-list";
import classes from "./translation-table.module.css";
import { useTexts } from "./use-texts";
import { nextToDo, type View, viewOf } from "./view";

const route = getRouteApi("/assistants/$assistantId/translations");

interface TranslationTableProps {
  assistantId: string;
  known: Languages;
  language: Language;
}

/** The texts of one language: what is shown of them, the fields, and how far one is. */
export function TranslationTable({ assistantId, known, language }: TranslationTableProps) {
  const { t, i18n } = useTranslation("translations");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const navigate = useNavigate();
  const { readOnly } = useContent();
  const { list, rows } = useTexts(assistantId, language.code);
  const { show, field, flow, text } = search;
  const kept = useKept(JSON.stringify([show, field, flow, search.search]));
  const view = useMemo(
    () => viewOf(rows ?? [], { show, field, flow, search: search.search }, kept),
    [rows, show, field, flow, search.search, kept],
  );
  const named = (code: string) => ({ code, name: languageName(code, i18n.language) });
  const own = named(known.languages[0]?.code ?? "");
  const other = named(language.code);
  const choose = useCallback(
    (id: string) =>
      void navigate({ to: ".", search: (now) => ({ ...now, text: id }), replace: true }),
    [navigate],
  );
  const go = (by: 1 | -1) => {
    const next = nextToDo(view, text, by);
    if (next !== undefined) set({ text: next });
  };
  const chosen = view.lines.find(({ id }) => id === text)?.row;
  const params = { assistantId };
  const open = chosen
    ? () =>
        void (chosen.kind === "flow"
          ? navigate({
              to: "/assistants/$assistantId/flows/$flowId",
              params: { ...params, flowId: chosen.item },
            })
          : navigate({
              to: "/assistants/$assistantId/responses",
              params,
              search: { response: chosen.item, language: language.code },
            }))
    : null;
  useTranslationCommands({ go, open });
  const filtered = [field, flow, search.search].some((each) => each !== undefined);
  return (
    <>
      {readOnly ? <ReadOnlyBanner>{t("readOnly")}</ReadOnlyBanner> : null}
      <div className={classes["bar"]}>
        <FilterBar end={<SavedHere />}>
          <span className={classes["pair"]}>
            {own.name} <small>{t("reference")}</small>
            <IconArrowRight size={16} stroke={1.75} aria-hidden="true" />
            <b>{other.name}</b>
          </span>
          <SearchField
            pill
            width={180}
            label={t("search")}
            group={t("title")}
            value={search.search}
            onChange={(words) => set({ search: words, text: undefined })}
          />
          <Filters />
        </FilterBar>
      </div>
      <div className={classes["columns"]} aria-hidden="true">
        <span>{own.name}</span>
        <span>{other.name}</span>
      </div>
      {view.lines.length > 0 ? (
        <TextList
          assistantId={assistantId}
          language={other}
          own={own}
          lines={view.lines}
          chosen={text}
          onChoose={choose}
          onNext={() => go(1)}
        />
      ) : (
        <NoTexts
          list={list}
          done={show === undefined && !filtered}
          complete={<Complete assistantId={assistantId} known={known} language={language} />}
        />
      )}
      <Foot view={view} text={text} own={own.name} />
    </>
  );
}

interface NoTextsProps {
  list: ReturnType<typeof useTexts>["list"];
  /** Nothing but what is to do was asked for. */
  done: boolean;
  complete: ReactNode;
}

function NoTexts({ list, done, complete }: NoTextsProps) {
  const { t } = useTranslation("translations");
  if (list.error) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data || list.hasNextPage) {
    return (
      <AfterPause>
        <ListSkeleton />
      </AfterPause>
    );
  }
  if (done) return complete;
  return <NothingMatches title={t("noMatch.title")} sentence={t("noMatch.sentence")} />;
}

/** Ids of what was to do when it came into the view of this name. */
function useKept(name: string): Set<string> {
  const kept = useRef({ name, ids: new Set<string>() });
  if (kept.current.name !== name) kept.current = { name, ids: new Set() };
  return kept.current.ids;
}

function Filters() {
  const { t } = useTranslation("translations");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const { sources } = useContent();
  const filters: FilterDefinition[] = [
    {
      id: "show",
      name: t("show.name"),
      anyLabel: t("show.toDo"),
      options: SHOWN.map((each) => ({ value: each, label: t(`show.${each}`) })),
    },
    {
      id: "field",
      name: t("filters.field"),
      options: FIELDS.map((each) => ({ value: each, label: t(`fields.${each}`) })),
    },
    {
      id: "flow",
      name: t("filters.flow"),
      options: sources.flows.map(({ id, name }) => ({ value: id, label: name })),
    },
  ];
  const { show, field, flow } = search;
  return (
    <FilterChips
      filters={filters}
      values={{ show, field, flow }}
      onChange={(id, value) => set({ [id]: value, text: undefined })}
      onClear={() => set({ show: undefined, field: undefined, flow: undefined, text: undefined })}
    />
  );
}

function Complete({ assistantId, known, language }: TranslationTableProps) {
  const { t, i18n } = useTranslation("translations");
  const navigate = useNavigate();
  const next = known.languages.find(
    ({ place, missing, outdated }) => place === "additional" && missing + outdated > 0,
  );
  const named = (code: string) => languageName(code, i18n.language);
  const params = { assistantId };
  return (
    <StateView
      drawing={<IconCircleCheck size={28} stroke={1.75} />}
      title={t("complete.title", { name: named(language.code) })}
      sentence={t("complete.sentence", { count: language.texts })}
      actions={
        <>
          {next ? (
            <Button
              onClick={() =>
                void navigate({
                  to: "/assistants/$assistantId/translations",
                  params,
                  search: { language: next.code },
                })
              }
            >
              {t("complete.next", { name: named(next.code) })}
            </Button>
          ) : null}
          <Button
            variant="subtle"
            onClick={() =>
              void navigate({
                to: "/assistants/$assistantId/translations",
                params,
                search: { language: language.code, show: "all" },
              })
            }
          >
            {t("complete.all")}
          </Button>
        </>
      }
    />
  );
}

function Foot({ view, text, own }: { view: View; text: string | undefined; own: string }) {
  const { t, i18n } = useTranslation("translations");
  const at = text === undefined ? -1 : view.toDo.indexOf(text);
  const count = view.toDo.length.toLocaleString(i18n.language);
  return (
    <footer className={classes["foot"]}>
      <span>
        <kbd>Ctrl ↓</kbd> <kbd>Ctrl ↑</kbd> {t("foot.go")}
      </span>
      <span>
        <kbd>Ctrl Enter</kbd> {t("foot.done")}
      </span>
      <span>
        <kbd>Ctrl '</kbd> {t("foot.copy", { own })}
      </span>
      <span>
        <kbd>Alt 1</kbd> – <kbd>9</kbd> {t("foot.slot")}
      </span>
      <output className={classes["place"]}>
        {at < 0
          ? t("foot.count", { count: view.toDo.length })
          : t("foot.place", { at: (at + 1).toLocaleString(i18n.language), count })}
      </output>
    </footer>
  );
}
