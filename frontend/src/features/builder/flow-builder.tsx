import { getRouteApi } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { Item, JsonObject, Problem } from "@/api/types";
import { ContentContext } from "@/components/content/content-context";
import { openItem, useAuthor, useFlush } from "@/components/content/saving";
import { useSources } from "@/components/content/use-sources";
import { useUnfinished } from "@/components/content/use-unfinished";
import { ReadOnlyBanner } from "@/components/feedback/state-views";
import { useCardSources } from "@/components/flow-canvas/card-sources";
import { useCardTexts } from "@/components/flow-canvas/card-texts";
import { PageFrame } from "@/components/layout/page-frame";
import type { FlowDocument } from "@/flow-core/model";
import { parseFlow, serialiseFlow } from "@/flow-core/parse";
import { usePreferences } from "@/lib/preferences";
import { type Builder, BuilderContext } from "./builder-context";
import classes from "./builder-page.module.css";
import { createBuilderStore, createEdit, replaceDocument } from "./builder-store";
import { BuilderTools } from "./builder-tools";
import { SavedStatus } from "./saved-status";
import { nameOf, readSelection, type Selection, sameSelection, writeSelection } from "./selection";
import { useClashes } from "./use-clashes";
import { useContentProblems } from "./use-content-problems";
import { problemSelection, problemTab, useProblems } from "./use-problems";
import { Workspace } from "./workspace";

const route = getRouteApi("/assistants/$assistantId/flows/$flowId");

interface FlowBuilderProps {
  assistantId: string;
  kind: "flows" | "system-flows";
  stored: Item<JsonObject>;
  initial: FlowDocument;
}

/** One flow, open for editing. */
export function FlowBuilder({ assistantId, kind, stored, initial }: FlowBuilderProps) {
  const { t } = useTranslation("builder");
  const author = useAuthor();
  const readOnly = author === null;
  const [{ store, saver }] = useState(() => {
    const onReplace = (changed: JsonObject) => {
      const parsed = parseFlow(stored.id, changed);
      if (parsed) replaceDocument(opened.store, parsed);
    };
    const { saver, body } = openItem({ assistantId, kind, stored, author, onReplace });
    const opened = { saver, store: createBuilderStore(parseFlow(stored.id, body) ?? initial) };
    return opened;
  });
  const edit = useMemo(() => createEdit(store, stored.id), [store, stored.id]);
  const document = useStore(store, (state) => state.document);
  const body = useMemo(() => serialiseFlow(document), [document]);
  useEffect(() => {
    if (!readOnly) saver.change(body);
  }, [saver, body, readOnly]);
  useEffect(() => saver.reload(stored), [saver, stored]);
  useFlush(saver);
  const sources = useSources(assistantId);
  const texts = useCardTexts(document, useCardSources(sources));
  const found = useProblems({ assistantId, flowId: stored.id, body, sources }, stored.problems);
  const clashes = useClashes(assistantId, document);
  const used = useContentProblems(assistantId, document);
  const { selection, select: lead, tab, setTab } = useSelection(store);
  const all = useMemo(() => [...found, ...used, ...clashes], [found, used, clashes]);
  const isHere = useCallback(
    (problem: Problem) =>
      problem.kind === "flow" &&
      selection !== null &&
      sameSelection(problemSelection(document, problem), selection),
    [document, selection],
  );
  const problems = useUnfinished(all, selection && nameOf(selection), isHere);
  const [writing, setWriting] = useState<Builder["writing"]>(null);
  const write = useCallback((response: string) => setWriting({ response }), []);
  const select = useCallback(
    (next: Selection | null) => {
      setWriting(null);
      lead(next);
    },
    [lead],
  );
  const [problemsOpen, setProblemsOpen] = useState(false);
  const builder = useMemo(
    (): Builder => ({
      assistantId,
      flowId: stored.id,
      readOnly,
      store,
      saver,
      edit,
      select,
      writing,
      write,
      sources,
      texts,
      problems,
    }),
    [
      assistantId,
      stored.id,
      readOnly,
      store,
      saver,
      edit,
      select,
      writing,
      write,
      sources,
      texts,
      problems,
    ],
  );
  const chooseProblem = useCallback(
    (problem: Problem) => {
      select(problemSelection(store.getState().document, problem));
      setTab(problemTab(problem));
    },
    [select, setTab, store],
  );
  const view = usePreferences((state) => state.builderView);
  return (
    <ContentContext value={builder}>
      <BuilderContext value={builder}>
        <PageFrame
          withoutTryIt
          crumbs={[
            {
              label: t("flows"),
              link: { to: "/assistants/$assistantId/flows", params: { assistantId } },
            },
            { label: texts.flowTitle },
          ]}
          status={<SavedStatus />}
          actions={
            <BuilderTools
              problems={problems}
              problemsOpen={problemsOpen}
              onProblems={() => setProblemsOpen((open) => !open)}
              onNextProblem={chooseProblem}
            />
          }
        >
          {readOnly ? (
            <div className={classes["banner"]}>
              <ReadOnlyBanner>{t("readOnly")}</ReadOnlyBanner>
            </div>
          ) : null}
          <Workspace
            view={view}
            selection={selection}
            tab={tab}
            onTab={setTab}
            problemsOpen={problemsOpen}
            onProblems={setProblemsOpen}
            onChooseProblem={chooseProblem}
          />
        </PageFrame>
      </BuilderContext>
    </ContentContext>
  );
}

/** The selection lives in the address, so that it can be pasted to a colleague. */
function useSelection(store: Builder["store"]) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const document = useStore(store, (state) => state.document);
  const [held, setHeld] = useState<Selection | null>(() => readSelection(document, search.step));
  const written = writeSelection(document, held);
  const read = useRef(search.step);
  useEffect(() => {
    if (search.step === written) {
      read.current = search.step;
    } else if (search.step === read.current) {
      // The step got another id, by its own fields or by steps before it: the address follows.
      void navigate({ replace: true, search: (previous) => ({ ...previous, step: written }) });
    } else {
      read.current = search.step;
      setHeld(readSelection(store.getState().document, search.step));
    }
  }, [search.step, written, navigate, store]);
  const select = useCallback(
    (selection: Selection | null) => {
      setHeld(selection);
      const step = writeSelection(store.getState().document, selection);
      void navigate({
        replace: true,
        search: (previous) => ({ ...previous, step, tab: undefined }),
      });
    },
    [navigate, store],
  );
  const setTab = useCallback(
    (tab: string | undefined) =>
      void navigate({ replace: true, search: (previous) => ({ ...previous, tab }) }),
    [navigate],
  );
  return { selection: written === undefined ? null : held, select, tab: search.tab, setTab };
}
