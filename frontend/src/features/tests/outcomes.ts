import type { CaseResult, Test, TestFile, TestRun } from "@/api/tests";
import type { Remembered } from "./results";
import { turnsOf } from "./talk";

export type Outcome = "none" | "running" | "passed" | "failed" | "broken";

/** A test, or a file whose tests cannot be read. */
export interface Row {
  /** As the address has it. */
  id: string;
  path: string;
  name: string;
  test: Test | null;
  outcome: Outcome;
  /** Why it cannot be run, as a sentence. */
  problem: string | null;
  milliseconds: number | null;
  /** The first flow that it speaks of, or that its newest run began. */
  flow: string | null;
}

/** Every test in the order of the files, each with what is known of it. */
export function rowsOf(
  files: readonly TestFile[],
  results: ReadonlyMap<string, Remembered>,
  run: TestRun | undefined,
  path: string | undefined,
): Row[] {
  const ended = run?.status === "running" ? endedIn(run.logs) : null;
  return files.flatMap(({ path: file, tests, problem }): Row[] => {
    if (problem !== null)
      return [
        { ...NO_RESULT, id: file, path: file, name: file, test: null, outcome: "broken", problem },
      ];
    return tests.map((test, place) => {
      const id = test.id ?? `${file}::#${place}`;
      const found = results.get(id)?.result;
      const flow = flowOf(test, found);
      const row = { ...NO_RESULT, id, path: file, name: test.name || file, test, flow };
      if (test.problem !== null) return { ...row, outcome: "broken", problem: test.problem };
      if (ended && isChosen(file, test.name, path))
        return { ...row, outcome: ended.get(test.name) ?? "running" };
      if (!found) return row;
      return {
        ...row,
        outcome: found.passed ? "passed" : "failed",
        milliseconds: found.milliseconds,
      };
    });
  });
}

const NO_RESULT = { outcome: "none", problem: null, milliseconds: null, flow: null } as const;

/** While a run goes on, its log has a line for each test as it ends. */
function endedIn(logs: string): Map<string, "passed" | "failed"> {
  const ended = new Map<string, "passed" | "failed">();
  for (const [, state, name] of logs.matchAll(/^(passed|FAILED): (.*)$/gm))
    if (name !== undefined) ended.set(name, state === "passed" ? "passed" : "failed");
  return ended;
}

export function isChosen(file: string, name: string, path: string | undefined): boolean {
  return path === undefined || path === "." || path === file || path === `${file}::${name}`;
}

/** By name, file and every word in it. */
export function filtered(
  rows: readonly Row[],
  { search, show }: { search?: string | undefined; show?: "failed" | undefined },
): Row[] {
  const words = (search ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => {
    if (show && row.outcome !== "failed" && row.outcome !== "broken") return false;
    const text = `${row.path} ${row.name} ${JSON.stringify(row.test?.body ?? "")}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function flowOf(test: Test, result: CaseResult | undefined): string | null {
  for (const { lines } of turnsOf(test.body))
    for (const { expects } of lines) if (expects.kind === "flow") return expects.flow;
  const began = result?.transcript.find(
    ({ event, flow_id: flow }) => event === "flow_started" && !flow?.startsWith(PATTERN_PREFIX),
  );
  return began?.flow_id ?? null;
}

const PATTERN_PREFIX = "pattern_";
