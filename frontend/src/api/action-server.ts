import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Schemas } from "./types";

export type ActionServer = Schemas["ActionServer"];
export type ActionRunner = ActionServer["runner"];

const at = (assistant: string) => `assistants/${assistant}/action-server/`;

/** Below the key of the content, so that an edit of endpoints.yml or of code refreshes it. */
export const actionServerQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["content", assistant, "action-server"] as const,
    queryFn: ({ signal }) => api.get<ActionServer>(at(assistant), { signal }),
  });

export const setActionServer = (assistant: string, runner: ActionRunner, url: string) =>
  api.put<ActionServer>(at(assistant), { runner, url });
