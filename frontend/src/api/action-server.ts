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

/** Asked once of each address, and again when somebody wants to know. */
export const actionServerCheckQuery = (assistant: string, url: string) =>
  queryOptions({
    queryKey: ["content", assistant, "action-server", "check", url] as const,
    queryFn: () => api.post<Schemas["ActionServerChecked"]>(`${at(assistant)}check/`),
    retry: false,
    gcTime: 0,
  });

export const setActionServer = (assistant: string, runner: ActionRunner, url: string) =>
  api.put<ActionServer>(at(assistant), { runner, url });
