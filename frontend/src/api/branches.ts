import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Json, Schemas, With } from "./types";

export type Side = "mine" | "theirs";
export type MergeConflict = With<
  "MergeConflict",
  { pointer: (string | number)[]; base?: Json; mine?: Json; theirs?: Json }
>;
export type MergePreview = With<"MergePreview", { conflicts: MergeConflict[] }>;

const pathOf = (assistant: string, branch: string) =>
  `assistants/${assistant}/branches/${encodeURIComponent(branch)}/`;

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
  decisions: { conflict: MergeConflict; side: Side }[],
) =>
  api.post<Schemas["Commit"]>(`${pathOf(assistant, branch)}merge/`, {
    into,
    resolutions: decisions.map(({ conflict: { kind, key, pointer }, side }) => ({
      kind,
      key,
      pointer,
      side,
    })),
  });

export const deleteBranch = (assistant: string, branch: string) =>
  api.delete(pathOf(assistant, branch));
