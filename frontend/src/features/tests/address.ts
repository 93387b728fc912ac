import { oneOf, text } from "@/lib/search-params";

const TEST_VIEWS = ["failed"] as const;
const TEST_FORMS = ["yaml"] as const;

export interface TestsSearch {
  search?: string | undefined;
  show?: (typeof TEST_VIEWS)[number] | undefined;
  /** The open test, as `file::name`; with `new`, one that is being made. */
  test?: string | undefined;
  as?: (typeof TEST_FORMS)[number] | undefined;
  new?: 1 | undefined;
  run?: string | undefined;
  version?: string | undefined;
  path?: string | undefined;
}

/** `run` of `version`: the run that is shown, and the `path` that it was started with. */
export function testsSearch(search: Record<string, unknown>): TestsSearch {
  return {
    search: text(search["search"]),
    show: oneOf(TEST_VIEWS, search["show"]),
    test: text(search["test"]),
    as: oneOf(TEST_FORMS, search["as"]),
    new: search["new"] === 1 ? 1 : undefined,
    run: text(search["run"]),
    version: text(search["version"]),
    path: text(search["path"]),
  };
}
