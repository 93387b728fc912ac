import { describe, expect, it } from "vitest";
import type { CaseResult, Test, TestFile, TestRun } from "@/api/tests";
import { filtered, rowsOf } from "./outcomes";
import { keyOf, type Remembered } from "./results";

const FILE = "e2e_tests/tea.yml";
const told = { revision: 1, updated_at: null, updated_by: null, problem: null };
const test = (name: string, more: Partial<Test> = {}): Test => ({
  id: `${FILE}::${name}`,
  name,
  line: 1,
  body: { test_case: name, steps: [{ user: "a green one" }] },
  problem: null,
  ...more,
});
const files: TestFile[] = [
  {
    ...told,
    path: FILE,
    tests: [test("a tea"), test("no coffee"), test("", { id: null, problem: "no name" })],
  },
  { ...told, path: "e2e_tests/broken.yml", tests: [], problem: "line 2: no YAML" },
];
const result = (name: string, passed: boolean): CaseResult => ({
  name,
  file: FILE,
  passed,
  milliseconds: 40,
  transcript: [],
  failure: null,
});
const results = new Map<string, Remembered>(
  [result("a tea", true), result("no coffee", false)].map((each) => [
    keyOf(`/data/tests/x/project/${each.file}`, each.name),
    { result: each, run: "r", version: "v" },
  ]),
);
const running: TestRun = {
  id: "r",
  status: "running",
  problem: null,
  logs: "passed: a tea\n",
  result: null,
};
const outcomes = (rows: ReturnType<typeof rowsOf>) =>
  rows.map(({ name, outcome }) => `${name}: ${outcome}`);

describe("tests of an assistant", () => {
  it("have no outcome before a run; what cannot be read is a row with its problem", () => {
    const rows = rowsOf(files, new Map(), undefined, undefined);
    expect(outcomes(rows)).toEqual([
      "a tea: none",
      "no coffee: none",
      `${FILE}: broken`,
      "e2e_tests/broken.yml: broken",
    ]);
    expect(rows.map(({ problem }) => problem)).toEqual([null, null, "no name", "line 2: no YAML"]);
  });

  it("have the outcome of their newest run, and are found by their words", () => {
    const rows = rowsOf(files, results, undefined, undefined);
    expect(outcomes(rows).slice(0, 2)).toEqual(["a tea: passed", "no coffee: failed"]);
    expect(outcomes(filtered(rows, { show: "failed" }))).toHaveLength(3);
    expect(outcomes(filtered(rows, { search: "TEA.yml green" }))).toHaveLength(3);
    expect(outcomes(filtered(rows, { search: "coffee" }))).toEqual(["no coffee: failed"]);
  });

  it("end one after the other while a run goes on", () => {
    const rows = rowsOf(files, results, running, ".");
    expect(outcomes(rows).slice(0, 2)).toEqual(["a tea: passed", "no coffee: running"]);
    const one = rowsOf(files, new Map(), running, `${FILE}::no coffee`);
    expect(outcomes(one).slice(0, 2)).toEqual(["a tea: none", "no coffee: running"]);
  });

  it("say which flow they are about", () => {
    const steps = [{ user: "a tea", assertions: [{ flow_started: "order_tea" }] }];
    const row = rowsOf(
      [{ ...told, path: FILE, tests: [test("a tea", { body: { test_case: "a tea", steps } })] }],
      new Map(),
      undefined,
      undefined,
    )[0];
    expect(row?.flow).toBe("order_tea");
  });
});
