import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Schemas, With } from "./types";

export type TestFile = Schemas["TestFile"];

export interface Said {
  who: "user" | "bot" | "slot";
  text?: string;
  name?: string;
  value?: unknown;
}

export interface CaseResult {
  name: string;
  file: string;
  passed: boolean;
  transcript: Said[];
  failure: { line: number; after: string | null; problem: string } | null;
  /** Assertions that only a language model can judge, where there is none; older runners have no list. */
  not_judged?: { line: number; assertion: string; problem: string }[];
}

export interface FlowCoverage {
  flow_id: string;
  /** Share of the steps that were reached, 0 to 1. */
  coverage: number;
  missing: { step_id: string; line: number | null }[];
}

export interface TestResult {
  passed: number;
  failed: number;
  cases: CaseResult[];
  coverage: FlowCoverage[];
}

export type TestRun = With<"TestRun", { result: TestResult | null }>;

const RUNNING_MS = 500;
const runs = (assistant: string, version: string) =>
  `assistants/${assistant}/versions/${version}/tests/`;

export const testFilesQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["tests", assistant, "files"] as const,
    queryFn: ({ signal }) => api.get<TestFile[]>(`assistants/${assistant}/tests/`, { signal }),
  });

/** One run; asked again until it has ended. */
export const testRunQuery = (assistant: string, version: string, run: string) =>
  queryOptions({
    queryKey: ["tests", assistant, "runs", version, run] as const,
    queryFn: ({ signal }) => api.get<TestRun>(`${runs(assistant, version)}${run}/`, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? RUNNING_MS : false),
    retry: false,
  });

export const tests = {
  /** `path` is `.` for all files, one of them, or `file::case`. */
  run: (assistant: string, version: string, path: string) =>
    api.post<TestRun>(runs(assistant, version), { path }),
  stop: (assistant: string, version: string, run: string) =>
    api.delete(`${runs(assistant, version)}${run}/`),
};
