import { createStore, useStore } from "zustand";
import type { CaseResult, FlowCoverage, TestRun } from "@/api/tests";

/** A test's newest result in this visit, and the run that it is of. */
export interface Remembered {
  result: CaseResult;
  run: string;
  version: string;
}

export interface PastRun {
  id: string;
  version: string;
  path: string;
  passed: number;
  failed: number;
  at: string;
}

interface Memory {
  results: ReadonlyMap<string, Remembered>;
  /** Newest first. */
  runs: readonly PastRun[];
  /** Of the newest run of all tests. */
  coverage: readonly FlowCoverage[] | null;
}

const NOTHING: Memory = { results: new Map(), runs: [], coverage: null };
const KEPT_RUNS = 12;
const EVERYTHING = ".";

/** By assistant: runs are forgotten by the model service soon, and a run of one test leaves the others' results. */
const memory = createStore<ReadonlyMap<string, Memory>>(() => new Map());

export const useMemory = (assistant: string): Memory =>
  useStore(memory, (all) => all.get(assistant) ?? NOTHING);

/** Takes the results of a run that is done, once. */
export function remember(assistant: string, version: string, path: string, run: TestRun): void {
  const before = memory.getState().get(assistant) ?? NOTHING;
  if (!run.result || before.runs.some(({ id }) => id === run.id)) return;
  const results = new Map(before.results);
  for (const result of run.result.cases)
    results.set(keyOf(result.file, result.name), { result, run: run.id, version });
  const { passed, failed, coverage } = run.result;
  const past = { id: run.id, version, path, passed, failed, at: new Date().toISOString() };
  memory.setState(
    new Map(memory.getState()).set(assistant, {
      results,
      runs: [past, ...before.runs].slice(0, KEPT_RUNS),
      coverage: path === EVERYTHING ? coverage : before.coverage,
    }),
    true,
  );
}

/** A result belongs to another test from now on: its name was changed. */
export function moveResult(assistant: string, from: string, to: string): void {
  const before = memory.getState().get(assistant);
  const found = before?.results.get(from);
  if (!before || !found) return;
  const results = new Map(before.results).set(to, found);
  memory.setState(new Map(memory.getState()).set(assistant, { ...before, results }), true);
}

/** As the address of the test: the runner names a file by its place below the folder of the run. */
export const keyOf = (file: string, name: string): string =>
  `${file.replace(/^.*\/project\//, "").replace(/^\.\//, "")}::${name}`;
