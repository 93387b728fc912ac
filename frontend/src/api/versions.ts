import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { everyPage } from "./pages";
import type { Schemas, Version, VersionContent } from "./types";

const base = (assistant: string) => `assistants/${assistant}/versions/`;

export function isBusy({ status }: Pick<Version, "status">): boolean {
  return ["queued", "training", "deploying"].includes(status);
}

export const versionsQuery = (
  assistant: string,
  filters: { search?: string; mine?: boolean; named?: boolean } = {},
) =>
  queryOptions({
    queryKey: ["versions", assistant, "list", filters] as const,
    queryFn: ({ signal }) => everyPage<Version>(base(assistant), filters, signal),
  });

/** The flows, responses and slots of one version, exactly as they were trained. */
export const versionContentQuery = (assistant: string, version: string) =>
  queryOptions({
    queryKey: ["versions", assistant, "content", version] as const,
    queryFn: ({ signal }) =>
      api.get<VersionContent>(`${base(assistant)}${version}/flows/`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What its running assistant has written, or the last one that ran; it grows. */
export const runningLogQuery = (assistant: string, version: string) =>
  queryOptions({
    queryKey: ["versions", assistant, "running-log", version] as const,
    queryFn: async () => {
      const { blob } = await api.download(`${base(assistant)}${version}/running-log/`);
      return blob.text();
    },
    staleTime: 0,
  });

export interface FlowChange {
  flow: string;
  name: string;
  change: "new" | "changed" | "none";
  change_count: number;
  error_count: number;
}

/** What training would contain now, against the newest usable version. */
export const versionChangesQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["versions", assistant, "changes"] as const,
    queryFn: ({ signal }) => api.get<FlowChange[]>(`${base(assistant)}changes/`, { signal }),
  });

export const versions = {
  train: (assistant: string, order: { flows: string[] | null; name?: string; note?: string }) =>
    api.post<Version>(base(assistant), order),
  stop: (assistant: string, version: string) =>
    api.post<Version>(`${base(assistant)}${version}/stop/`),
  wake: (assistant: string, version: string) =>
    api.post<Version>(`${base(assistant)}${version}/activate/`),
  /** The same content once more, as a new version. */
  trainAgain: (assistant: string, version: string) =>
    api.post<Version>(`${base(assistant)}${version}/train/`),
  rename: (assistant: string, version: string, words: { name?: string; note?: string }) =>
    api.patch<Version>(`${base(assistant)}${version}/`, words),
  /** Where the browser gets the model; null: from `download`. */
  modelLink: (assistant: string, version: string) =>
    api.get<Schemas["DownloadLink"]>(`${base(assistant)}${version}/model/link/`),
  download: (assistant: string, version: string, part: "model" | "input") =>
    api.download(`${base(assistant)}${version}/${part}/`),
  delete: (assistant: string, version: string) => api.delete(`${base(assistant)}${version}/`),
};
