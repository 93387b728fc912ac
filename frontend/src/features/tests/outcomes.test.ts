import { describe, expect, it } from "vitest";
import type { TestFile, TestRun } from "@/api/tests";
import { groupsOf } from "./outcomes";

const files: TestFile[] = [
  { path: "e2e_tests/tea.yml", cases: ["a tea", "no coffee"], problem: null },
  { path: "e2e_tests/broken.yml", cases: [], problem: "line 2: no YAML" },
];
const done: TestRun = {
  id: "r",
  status: "done",
  problem: null,
  logs: "",
  result: {
    passed: 1,
    failed: 1,
    coverage: [],
    cases: [
      { name: "a tea", file: "/x/e2e_tests/tea.yml", passed: true, transcript: [], failure: null },
      {
        name: "no coffee",
        file: "e2e_tests/tea.yml",
        passed: false,
        transcript: [],
        failure: { line: 3, after: null, problem: "said nothing" },
      },
    ],
  },
};
const outcomes = (...from: Parameters<typeof groupsOf>) =>
  groupsOf(...from).map(({ cases }) => cases.map(({ name, outcome }) => `${name}: ${outcome}`));

describe("tests of an assistant", () => {
  it("have no outcome before a run, and broken files stay in view", () => {
    expect(outcomes(files, undefined, undefined, {})).toEqual([
      ["a tea: none", "no coffee: none"],
      [],
    ]);
  });

  it("have the outcome of the run", () => {
    expect(outcomes(files, done, ".", {})[0]).toEqual(["a tea: passed", "no coffee: failed"]);
    expect(outcomes(files, done, ".", { show: "failed" })).toEqual([["no coffee: failed"]]);
    expect(outcomes(files, done, ".", { words: "TEA.yml" })[0]).toHaveLength(2);
    expect(outcomes(files, done, ".", { words: "coffee" })).toEqual([["no coffee: failed"]]);
  });

  it("run only where they were chosen", () => {
    const running = { ...done, status: "running" as const, result: null };
    expect(outcomes(files, running, "e2e_tests/tea.yml::a tea", {})[0]).toEqual([
      "a tea: running",
      "no coffee: none",
    ]);
  });
});
