import { number, text } from "@/lib/search-params";

export interface FilesSearch {
  search?: string | undefined;
  /** Path of the open file, and the line that is looked for. */
  file?: string | undefined;
  line?: number | undefined;
}

export function filesSearch(search: Record<string, unknown>): FilesSearch {
  return {
    search: text(search["search"]),
    file: text(search["file"]),
    line: number(search["line"]),
  };
}
