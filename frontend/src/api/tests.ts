import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { content } from "./content";
import type { Item, Json, JsonObject, Schemas, With } from "./types";

export type Test = With<"Test", { body: JsonObject }>;
export type TestFile = With<"TestFile", { tests: Test[] }>;
/** One test; `place` is where in its file it stands. */
export type TestDetail = Item<JsonObject> & { name: string; path: string; place: number };

export type TestText = Item<string> & Pick<TestDetail, "name" | "path" | "place">;

export type Said = Schemas["TestLine"];
export type Failure = With<"TestFailure", { expected: Json }>;
export type CaseResult = With<"TestCase", { failure: Failure | null }>;
export type FlowCoverage = Schemas["TestCoverage"];
export type TestResult = With<"TestResult", { cases: CaseResult[] }>;
export type TestRun = With<"TestRun", { result: TestResult | null }>;

const RUNNING_MS = 500;
const runs = (assistant: string, version: string) =>
  `assistants/${assistant}/versions/${version}/tests/`;
const all = (assistant: string) => `assistants/${assistant}/tests/`;
const one = (assistant: string, id: string) => `${all(assistant)}${encodeURIComponent(id)}/`;

/** The kind of content that tests are, and the id of the YAML of one. */
export const TESTS = "tests";
export const yamlId = (id: string) => `${id}/yaml`;

export const testFilesQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["content", assistant, TESTS, "list"] as const,
    queryFn: ({ signal }) => api.get<TestFile[]>(all(assistant), { signal }),
  });

/** One run; asked again until it has ended. */
export const testRunQuery = (assistant: string, version: string, run: string) =>
  queryOptions({
    queryKey: ["tests", assistant, "runs", version, run] as const,
    queryFn: ({ signal }) => api.get<TestRun>(`${runs(assistant, version)}${run}/`, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === "running" ? RUNNING_MS : false),
    retry: false,
  });

export interface NewTest {
  /** Its values, or its YAML. */
  body: JsonObject | string;
  path?: string;
  place?: number;
}

export const tests = {
  /** `path` is `.` for all files, one of them, or `file::case`. */
  run: (assistant: string, version: string, path: string) =>
    api.post<TestRun>(runs(assistant, version), { path }),
  stop: (assistant: string, version: string, run: string) =>
    api.delete(`${runs(assistant, version)}${run}/`),
  /** What the run saw takes the place of what these tests expected first. */
  accept: (assistant: string, version: string, run: string, ids: readonly string[]) =>
    api.post<Schemas["TestAccepted"]>(`${runs(assistant, version)}${run}/accept/`, { tests: ids }),
  create: (assistant: string, test: NewTest) => api.post<TestDetail>(all(assistant), { ...test }),
  rename: (assistant: string, id: string, name: string, revision: number) =>
    api.post<TestDetail>(`${one(assistant, id)}rename/`, { name, revision }),
  detail: (assistant: string, id: string) => api.get<TestDetail>(one(assistant, id)),
  yaml: (assistant: string, id: string) => api.get<TestText>(`${one(assistant, id)}yaml/`),
  delete: (assistant: string, id: string, revision: number) =>
    content.delete(assistant, TESTS, id, revision),
  /** The last session of these events of a tracker. */
  record: (assistant: string, events: readonly object[]) =>
    api.post<TestDetail>(`${all(assistant)}recorded/`, { events }),
  /** `until`: the position of the last event to take. */
  recordConversation: (conversation: string, until?: number) =>
    api.post<TestDetail>(
      `conversations/${conversation}/test/`,
      until === undefined ? {} : { until },
    ),
};
