import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { contentQuery } from "./content";
import { everyPage } from "./pages";
import type { Schemas } from "./types";

export type FileRow = Schemas["File"];
export type FileDetail = Schemas["FileDetail"];

const pathOf = (assistant: string, path: string) =>
  `assistants/${assistant}/files/${encodeURIComponent(path)}/`;

export const filesQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["content", assistant, "files", "list"] as const,
    queryFn: async ({ signal }) =>
      (await everyPage<FileRow>(`assistants/${assistant}/files/`, {}, signal)).results,
  });

/** The same entry of the cache as the editor's, with what is said of a file beside its text. */
export const fileQuery = (assistant: string, path: string) =>
  queryOptions({
    queryKey: contentQuery(assistant, "files", path).queryKey,
    queryFn: ({ signal }) => api.get<FileDetail>(pathOf(assistant, path), { signal }),
  });

export const files = {
  add: (assistant: string, path: string, file: Blob) => {
    const form = new FormData();
    form.append("path", path);
    form.append("file", file, path.slice(path.lastIndexOf("/") + 1));
    return api.post<FileDetail>(`assistants/${assistant}/files/`, form);
  },
  move: (assistant: string, path: string, to: string, revision: number) =>
    api.post<FileDetail>(`${pathOf(assistant, path)}rename/`, { path: to, revision }),
  delete: (assistant: string, path: string, revision: number) =>
    api.delete(pathOf(assistant, path), { revision }),
  download: (assistant: string, path: string) => api.download(`${pathOf(assistant, path)}content/`),
};
