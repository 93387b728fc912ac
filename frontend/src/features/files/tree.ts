import type { FileRow } from "@/api/files";

export interface TreeRow {
  /** The path of the file or folder. */
  path: string;
  name: string;
  /** 1 at the top. */
  level: number;
  /** Of a folder: how many files are in it, below other folders too. */
  count: number;
  file: FileRow | null;
}

/**
 * Files in their folders as rows from top to bottom: folders first, then by name. What is in a `closed` folder is left
 * out; with `words` only paths that have them all are shown, and nothing is closed.
 */
export function treeRows(
  files: readonly FileRow[],
  closed: ReadonlySet<string>,
  words: string,
): TreeRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const found = files.filter(({ path }) =>
    wanted.every((word) => path.toLowerCase().includes(word)),
  );
  return rowsOf(found, "", 1, wanted.length > 0 ? new Set() : closed);
}

function rowsOf(
  files: readonly FileRow[],
  folder: string,
  level: number,
  closed: ReadonlySet<string>,
): TreeRow[] {
  const inside = new Map<string, FileRow[]>();
  const here: FileRow[] = [];
  for (const file of files) {
    const [name = "", ...deeper] = file.path.slice(folder.length).split("/");
    if (deeper.length === 0) here.push(file);
    else inside.set(name, [...(inside.get(name) ?? []), file]);
  }
  const folders = [...inside].sort(([one], [other]) => one.localeCompare(other));
  return [
    ...folders.flatMap(([name, members]) => {
      const path = `${folder}${name}`;
      const row = { path, name, level, count: members.length, file: null };
      const open = !closed.has(path);
      return [row, ...(open ? rowsOf(members, `${path}/`, level + 1, closed) : [])];
    }),
    ...here
      .map((file) => ({
        path: file.path,
        name: file.path.slice(folder.length),
        level,
        count: 0,
        file,
      }))
      .sort((one, other) => one.name.localeCompare(other.name)),
  ];
}

/** The folder of a path with its slash; empty at the top. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
