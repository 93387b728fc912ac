import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { everyPage } from "./pages";
import type { Assistant, Schemas } from "./types";

export const assistantsQuery = (filters: { search?: string; deleted?: boolean } = {}) =>
  queryOptions({
    queryKey: ["assistants", filters],
    queryFn: ({ signal }) => everyPage<Assistant>("assistants/", filters, signal),
  });

export const assistantQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["assistant", assistant],
    queryFn: ({ signal }) => api.get<Assistant>(`assistants/${assistant}/`, { signal }),
  });

export type ImportReport = Schemas["ImportReport"];
export type Imported = Schemas["Imported"];

const one = (assistant: string) => `assistants/${assistant}/`;
const limitedTo = (flows?: readonly string[]) => (flows ? { flows: flows.join(",") } : {});

export const assistants = {
  create: (order: { name: string; sample?: string | null }) =>
    api.post<Assistant>("assistants/", order),
  change: (
    assistant: string,
    values: { name?: string; description?: string; members_only?: boolean },
  ) => api.patch<Assistant>(one(assistant), values),
  delete: (assistant: string) => api.delete(one(assistant)),
  restore: (assistant: string) => api.post<Assistant>(`${one(assistant)}undelete/`),
  duplicate: (assistant: string, name: string) =>
    api.post<Assistant>(`${one(assistant)}duplicate/`, { name }),
  import: (file: File, name?: string) => {
    const form = new FormData();
    form.set("file", file);
    if (name) form.set("name", name);
    return api.post<Imported>("assistants/import/", form);
  },
  /** The whole project as a zip; with `flows`, these flows and everything else. */
  export: (assistant: string, flows?: readonly string[]) =>
    api.download(`${one(assistant)}export/`, limitedTo(flows)),
  /** Where the browser gets the same zip; null: from `export`. */
  exportLink: (assistant: string, flows?: readonly string[]) =>
    api.get<Schemas["DownloadLink"]>(`${one(assistant)}export/link/`, { query: limitedTo(flows) }),
};
