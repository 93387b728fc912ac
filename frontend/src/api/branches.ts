import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Json, JsonObject, Schemas, With } from "./types";

export type MergeConflict = With<"MergeConflict", { base?: Json; mine?: Json; theirs?: Json }>;
export type MergePreview = With<
  "MergePreview",
  { conflicts: MergeConflict[]; flows: { kind: string; key: string; body: JsonObject }[] }
>;
export type Resolution = With<"ResolutionRequest", { value?: Json }>;

const pathOf = (assistant: string, branch: string) =>
  `assistants/${assistant}/branches/${encodeURIComponent(branch)}/`;

export const branchesQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["content", assistant, "branches"] as const,
    queryFn: ({ signal }) =>
      api.get<Schemas["Branch"][]>(`assistants/${assistant}/branches/`, { signal }),
  });

export const mergePreviewQuery = (assistant: string, branch: string, into: string) =>
  queryOptions({
    queryKey: ["content", assistant, "merge", branch, into] as const,
    queryFn: ({ signal }) =>
      api.get<MergePreview>(`${pathOf(assistant, branch)}merge/`, { query: { into }, signal }),
  });

export const mergeBranch = (
  assistant: string,
  branch: string,
  into: string,
  resolutions: Resolution[],
) => api.post<Schemas["Commit"]>(`${pathOf(assistant, branch)}merge/`, { into, resolutions });

export const deleteBranch = (assistant: string, branch: string) =>
  api.delete(pathOf(assistant, branch));
