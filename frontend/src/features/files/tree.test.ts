import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileRow } from "@/api/files";
import { treeRows } from "./tree";

const file = (path: string): FileRow => ({ path, size: 1, what: "", items: [] });
const names = (rows: ReturnType<typeof treeRows>) =>
  rows.map(({ level, name }) => `${level} ${name}`);
const FILES = ["b.md", "docs/z.md", "docs/a/x.md", "actions/bank.py"].map(file);

describe("the tree of files", () => {
  it("has folders first, each by name, and counts what is in them", () => {
    expect(names(treeRows(FILES, new Set(), ""))).toEqual([
      "1 actions",
      "2 bank.py",
      "1 docs",
      "2 a",
      "3 x.md",
      "2 z.md",
      "1 b.md",
    ]);
    expect(treeRows(FILES, new Set(), "").find(({ path }) => path === "docs")?.count).toBe(2);
  });

  it("leaves out what is in a closed folder, but not what is searched for", () => {
    const closed = new Set(["docs"]);
    expect(names(treeRows(FILES, closed, ""))).toEqual([
      "1 actions",
      "2 bank.py",
      "1 docs",
      "1 b.md",
    ]);
    expect(names(treeRows(FILES, closed, "X docs"))).toEqual(["1 docs", "2 a", "3 x.md"]);
  });

  it("has every file once, whatever they are called", () => {
    const part = fc.constantFrom("a", "b", "aa", "a.md", "docs");
    const paths = fc.uniqueArray(
      fc.array(part, { minLength: 1, maxLength: 4 }).map((all) => all.join("/")),
    );
    fc.assert(
      fc.property(paths, (all) => {
        const rows = treeRows(all.map(file), new Set(), "");
        expect(rows.flatMap((row) => row.file?.path ?? []).sort()).toEqual([...all].sort());
      }),
    );
  });
});
