import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { everyPage } from "./pages";
import type { JsonObject, Schemas } from "./types";

export type ModelPrompt = Schemas["ModelPrompt"];
export type PromptName = ModelPrompt["name"];
export type PromptMade = Schemas["PromptMade"];

const at = (assistant: string, name = "") =>
  `assistants/${assistant}/model-prompts/${name ? `${name}/` : ""}`;
/** As many as a preview takes. */
const MOST_EVENTS = 2000;
const WAKING_MS = 1000;

/** Below the key of the content, so that an edit of config.yml or of a prompt refreshes it. */
export const promptsQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["content", assistant, "model-prompts"] as const,
    queryFn: ({ signal }) => api.get<ModelPrompt[]>(at(assistant), { signal }),
  });

/** Every event of a conversation as the assistant sent it. */
export const rawEventsQuery = (conversation: string) =>
  queryOptions({
    queryKey: ["conversation", conversation, "raw-events"] as const,
    queryFn: async ({ signal }) => {
      const path = `conversations/${conversation}/events/`;
      const { results } = await everyPage<{ data: JsonObject }>(path, {}, signal);
      return results.slice(-MOST_EVENTS).map(({ data }) => data);
    },
  });

/** What a template would become at the end of a conversation; asked again while its version wakes. */
export const promptPreviewQuery = (
  assistant: string,
  name: PromptName,
  text: string,
  events: readonly JsonObject[],
) =>
  queryOptions({
    queryKey: ["prompt-preview", assistant, name, text, events] as const,
    queryFn: () => api.post<PromptMade>(`${at(assistant, name)}preview/`, { text, events }),
    refetchInterval: (query) => (query.state.data?.state === "waking" ? WAKING_MS : false),
    retry: false,
    gcTime: 0,
  });

export const prompts = {
  write: (assistant: string, name: PromptName, text: string, path = "") =>
    api.post<ModelPrompt>(at(assistant, name), { text, path }),
  reset: (assistant: string, name: PromptName) => api.delete(at(assistant, name)),
};
