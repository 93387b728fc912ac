import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { ItemDifference } from "./history";
import type { Schemas, With } from "./types";

export type Imported = Schemas["Imported"];
export type ImportReport = Schemas["ImportReport"];
export type ImportedItem = ItemDifference &
  Pick<Schemas["ImportedItem"], "changed_by" | "undoes" | "allowed" | "needed_now" | "needed_then">;
export type ImportPlan = With<"ImportPreview", { diff: ImportedItem[] }>;

/** A folder of a Git repository; empty texts are left to the server. */
export interface GitPlace {
  address: string;
  branch: string;
  folder: string;
  /** For a private one: sent with the request, and kept nowhere. */
  token: string;
}

export type ImportSource = { file: File } | { git: GitPlace };

export const sourceName = (source: ImportSource): string =>
  "file" in source ? source.file.name : source.git.address;

function formOf(source: ImportSource): FormData {
  const form = new FormData();
  if ("file" in source) form.set("file", source.file);
  else
    for (const [name, value] of Object.entries(source.git))
      if (value) form.set(`git_${name}`, value);
  return form;
}

interface Chosen {
  partly: boolean;
  /** Of the preview that was seen: what changed since is refused. */
  expected: string;
  /** None: everything, byte for byte. */
  items: readonly { kind: string; key: string }[] | null;
}

export const imports = {
  /** A new assistant. */
  create: (source: ImportSource, name?: string) => {
    const form = formOf(source);
    if (name) form.set("name", name);
    return api.post<Imported>("assistants/import/", form);
  },
  /** What an import into an assistant would change. */
  preview: (assistant: string, source: ImportSource, partly: boolean) => {
    const form = formOf(source);
    form.set("mode", "replace");
    form.set("preview", "true");
    form.set("partly", String(partly));
    return api.post<ImportPlan>(`assistants/${assistant}/import/`, form);
  },
  into: (assistant: string, source: ImportSource, { partly, expected, items }: Chosen) => {
    const form = formOf(source);
    form.set("mode", "replace");
    form.set("partly", String(partly));
    form.set("expected", expected);
    if (items) form.set("items", JSON.stringify(items));
    return api.post<ImportPlan>(`assistants/${assistant}/import/`, form);
  },
};

/** Where projects may be fetched from by Git; none: the operator has not allowed any. */
export const gitHostsQuery = queryOptions({
  queryKey: ["git-hosts"],
  queryFn: ({ signal }) => api.get<Schemas["GitHosts"]>("git-hosts/", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
