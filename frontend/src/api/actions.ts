import { queryOptions } from "@tanstack/react-query";
import type { Json } from "@/flow-core/json";
import { api } from "./client";
import type { Schemas, With } from "./types";

export type ActionCode = Schemas["ActionCode"];
export type SaidMessage = With<"SaidMessage", { more: Record<string, Json> }>;
export type ActionRun = With<
  "ActionRun",
  { messages: SaidMessage[]; slots: { slot: string; value: Json }[] }
>;

/** Where the project's code of an action stands; null where it brings none. */
export const actionCodeQuery = (assistant: string, action: string) =>
  queryOptions({
    // Any file may have it.
    queryKey: ["content", assistant, "files", "code", action] as const,
    queryFn: async ({ signal }) => {
      const address = `assistants/${assistant}/actions/${encodeURIComponent(action)}/code/`;
      return (await api.get<Schemas["FoundCode"]>(address, { signal })).code;
    },
  });

/** Runs the code as it is stored now, with these slots set. */
export const runAction = (assistant: string, action: string, slots: Record<string, Json>) =>
  api.post<ActionRun>(`assistants/${assistant}/action-runs/`, { action, slots });
