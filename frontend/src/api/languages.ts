import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Schemas } from "./types";

export type Language = Schemas["Language"];
export type Languages = Schemas["Languages"];

const all = (assistant: string) => `assistants/${assistant}/languages/`;
const one = (assistant: string, code: string) => `${all(assistant)}${encodeURIComponent(code)}/`;

/** Below the key of the content, so that what changes texts or config.yml refreshes it. */
export const languagesQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["content", assistant, "languages"] as const,
    queryFn: ({ signal }) => api.get<Languages>(all(assistant), { signal }),
  });

export const languages = {
  add: (assistant: string, code: string) => api.post<Languages>(all(assistant), { code }),
  remove: (assistant: string, code: string) => api.delete(one(assistant, code)),
  makeDefault: (assistant: string, code: string) =>
    api.post<Languages>(`${one(assistant, code)}default/`),
};
