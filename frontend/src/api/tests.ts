import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Schemas } from "./types";

export type TestFile = Schemas["TestFile"];

export type Said = Schemas["TestLine"];
export type CaseResult = Schemas["TestCase"];
export type FlowCoverage = Schemas["TestCoverage"];
export type TestResult = Schemas["TestResult"];
export type TestRun = Schemas["TestRun"];

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
