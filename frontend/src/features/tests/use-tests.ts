import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useDeferredValue, useMemo } from "react";
import { assistantQuery } from "@/api/assistants";
import { type TestFile, testFilesQuery } from "@/api/tests";
import { assistantState } from "@/components/assistant-state";
import { filtered, rowsOf } from "./outcomes";
import { useMemory } from "./results";
import { useRun } from "./use-run";

const route = getRouteApi("/assistants/$assistantId/tests");

/** The tests with what is known of each, and the version that they run against. */
export function useTests(assistantId: string) {
  const { search, show, path } = route.useSearch();
  const assistant = useQuery(assistantQuery(assistantId)).data;
  // A model can be tested while nobody talks to it: a version that sleeps need not be woken.
  const state = assistant ? assistantState(assistant) : null;
  const rests = state === "asleep" || state === "ended";
  const against = assistant?.ready_version ?? (rests ? (assistant?.latest_version ?? null) : null);
  const list = useQuery(testFilesQuery(assistantId));
  const { run, start, stop, isRunning } = useRun(assistantId, against?.id ?? null);
  const memory = useMemory(assistantId);
  const rows = useMemo(
    () => (list.data ? rowsOf(list.data, memory.results, run.data, path) : undefined),
    [list.data, memory.results, run.data, path],
  );
  const words = useDeferredValue(search);
  const shown = useMemo(() => filtered(rows ?? [], { search: words, show }), [rows, words, show]);
  return { assistant, state, against, list, rows, shown, run, start, stop, isRunning, memory };
}

/** Who wrote to a file of tests last, and when. */
export function useTestFile(assistantId: string, path: string): TestFile | undefined {
  return useQuery(testFilesQuery(assistantId)).data?.find((file) => file.path === path);
}
