import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Schemas } from "./types";

export type LanguageModel = Schemas["LanguageModel"];
export type ModelSettings = Schemas["ModelSettings"];
export type ModelFields = Partial<ModelSettings>;
export type ModelTried = Schemas["ModelTried"];

const at = (assistant: string) => `assistants/${assistant}/language-model/`;

/** Below the key of the content, so that an edit of config.yml or endpoints.yml refreshes it. */
export const languageModelQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["content", assistant, "language-model"] as const,
    queryFn: ({ signal }) => api.get<LanguageModel>(at(assistant), { signal }),
  });

/** Names of the variables that the model service knows; null where it does not tell. */
export const variablesQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["variables", assistant] as const,
    queryFn: async ({ signal }) =>
      (await api.get<Schemas["KnownVariables"]>(`${at(assistant)}variables/`, { signal }))
        .variables,
    retry: false,
  });

export const languageModel = {
  change: (assistant: string, fields: ModelFields) =>
    api.patch<LanguageModel>(at(assistant), fields),
  switchOff: (assistant: string) => api.delete<LanguageModel>(at(assistant)),
  try: (assistant: string, text: string) => api.post<ModelTried>(`${at(assistant)}try/`, { text }),
};
