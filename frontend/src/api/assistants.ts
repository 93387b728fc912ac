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

const one = (assistant: string) => `assistants/${assistant}/`;

/** Some flows with what they need of the rest; with `linked` the flows that they link and call. */
export interface ChosenFlows {
  flows: readonly string[];
  linked: boolean;
}

const chosenOnly = (chosen?: ChosenFlows) =>
  chosen ? { flows: chosen.flows.join(","), needed: true, linked: chosen.linked } : {};

export const assistants = {
  create: (order: Schemas["AssistantCreateRequest"]) => api.post<Assistant>("assistants/", order),
  change: (
    assistant: string,
    values: { name?: string; description?: string; icon?: string; members_only?: boolean },
  ) => api.patch<Assistant>(one(assistant), values),
  delete: (assistant: string) => api.delete(one(assistant)),
  /** For good, of one that is deleted. */
  purge: (assistant: string) => api.delete(`${one(assistant)}deleted/`),
  restore: (assistant: string) => api.post<Assistant>(`${one(assistant)}undelete/`),
  duplicate: (assistant: string, name: string) =>
    api.post<Assistant>(`${one(assistant)}duplicate/`, { name }),
  /** The whole project as a zip, or some flows of it. */
  export: (assistant: string, chosen?: ChosenFlows) =>
    api.download(`${one(assistant)}export/`, chosenOnly(chosen)),
  /** Where the browser gets the same zip; null: from `export`. */
  exportLink: (assistant: string, chosen?: ChosenFlows) =>
    api.get<Schemas["DownloadLink"]>(`${one(assistant)}export/link/`, {
      query: chosenOnly(chosen),
    }),
};
