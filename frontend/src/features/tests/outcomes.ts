import type { CaseResult, TestFile, TestRun } from "@/api/tests";

export type Outcome = "none" | "running" | "passed" | "failed";

export interface TestCase {
  file: string;
  name: string;
  outcome: Outcome;
  result: CaseResult | undefined;
}

export interface FileGroup {
  file: TestFile;
  cases: TestCase[];
}

/** Files with the cases that match, each with what the run says of it. */
export function groupsOf(
  files: readonly TestFile[],
  run: TestRun | undefined,
  path: string | undefined,
  filter: { words?: string | undefined; show?: "failed" | "passed" | undefined },
): FileGroup[] {
  const words = filter.words?.toLowerCase() ?? "";
  return files
    .map((file) => ({
      file,
      cases: file.cases
        .map((name) => testCase(file.path, name, run, path))
        .filter(({ outcome }) => !filter.show || outcome === filter.show)
        .filter(({ name }) => `${file.path} ${name}`.toLowerCase().includes(words)),
    }))
    .filter(({ file, cases }) => cases.length > 0 || (!words && !filter.show && isBare(file)));
}

function isBare(file: TestFile): boolean {
  return file.cases.length === 0;
}

function testCase(
  file: string,
  name: string,
  run: TestRun | undefined,
  path: string | undefined,
): TestCase {
  const result = run?.result?.cases.find((each) => each.name === name && isFile(each.file, file));
  if (result) return { file, name, outcome: result.passed ? "passed" : "failed", result };
  const isRunning = run?.status === "running" && isChosen(file, name, path);
  return { file, name, outcome: isRunning ? "running" : "none", result: undefined };
}

/** The runner may name a file by a longer path. */
function isFile(named: string, file: string): boolean {
  return named === file || named.endsWith(`/${file}`);
}

function isChosen(file: string, name: string, path: string | undefined): boolean {
  return path === undefined || path === "." || path === file || path === `${file}::${name}`;
}
