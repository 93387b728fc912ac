import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { everyPage } from "./pages";
import type {
  ActionItem,
  FlowItem,
  Json,
  JsonObject,
  Primitive,
  Problem,
  ProblemReport,
  ResponseItem,
  SlotItem,
} from "./types";

/** The nouns of the content routes; the list and one item share a query key prefix per assistant. */
export interface ContentItems {
  flows: FlowItem;
  "system-flows": FlowItem & { customised: boolean };
  responses: ResponseItem;
  slots: SlotItem;
  actions: ActionItem;
}
export type ContentNoun = keyof ContentItems;

export interface ContentBodies {
  flows: JsonObject;
  "system-flows": JsonObject;
  responses: Json[];
  slots: JsonObject;
  actions: JsonObject | null;
}

const noun = (assistant: string, name: ContentNoun) => `assistants/${assistant}/${name}/`;
const one = (assistant: string, name: ContentNoun, id: string) =>
  `${noun(assistant, name)}${encodeURIComponent(id)}/`;

/** Keys: ["content", assistant, noun, "list" | "item", …], so that one prefix refreshes what changed. */
export const contentKey = (assistant: string, name?: ContentNoun, id?: string) =>
  ["content", assistant, ...(name ? [name] : []), ...(id ? ["item", id] : [])] as const;

export const contentListQuery = <Noun extends ContentNoun>(
  assistant: string,
  name: Noun,
  filters: Record<string, string | number | boolean | undefined> = {},
) =>
  queryOptions({
    queryKey: ["content", assistant, name, "list", filters] as const,
    queryFn: ({ signal }) => everyPage<ContentItems[Noun]>(noun(assistant, name), filters, signal),
  });

/** Every item of a kind. For names and first texts, which a canvas needs for any step. */
export const allContentQuery = <Noun extends ContentNoun>(assistant: string, name: Noun) =>
  queryOptions({
    queryKey: ["content", assistant, name, "list", "all"] as const,
    queryFn: async ({ signal }) =>
      (await everyPage<ContentItems[Noun]>(noun(assistant, name), {}, signal)).results,
  });

export const contentQuery = <Noun extends ContentNoun>(assistant: string, name: Noun, id: string) =>
  queryOptions({
    queryKey: ["content", assistant, name, "item", id] as const,
    queryFn: ({ signal }) =>
      api.get<Primitive<ContentBodies[Noun]>>(one(assistant, name, id), { signal }),
  });

export const content = {
  create: <Noun extends ContentNoun>(
    assistant: string,
    name: Noun,
    id: string,
    body: ContentBodies[Noun],
  ) => api.post<Primitive<ContentBodies[Noun]>>(noun(assistant, name), { id, body }),
  save: <Noun extends ContentNoun>(
    assistant: string,
    name: Noun,
    id: string,
    change: { revision: number; body: ContentBodies[Noun]; reason?: string },
  ) => api.put<Primitive<ContentBodies[Noun]>>(one(assistant, name, id), change),
  delete: (assistant: string, name: ContentNoun, id: string, revision: number) =>
    api.delete(one(assistant, name, id), { revision }),
  restore: (assistant: string, name: ContentNoun, id: string) =>
    api.post<Primitive>(`${one(assistant, name, id)}restore/`),
  duplicate: (assistant: string, id: string) =>
    api.post<Primitive<JsonObject>>(`${one(assistant, "flows", id)}duplicate/`),
  renameFlow: (assistant: string, id: string, newId: string, revision: number) =>
    api.post<Primitive<JsonObject>>(`${one(assistant, "flows", id)}rename/`, {
      id: newId,
      revision,
    }),
};

export const validationQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["content", assistant, "validation"] as const,
    queryFn: ({ signal }) =>
      api.get<ProblemReport>(`assistants/${assistant}/validation/`, { signal }),
  });

/** Checks a draft that is not stored; problems of that one item. */
export async function checkDraft(
  assistant: string,
  draft: { kind: string; id: string; body: Json },
): Promise<Problem[]> {
  const answer = await api.post<{ problems: Problem[] }>(
    `assistants/${assistant}/validation/`,
    draft,
  );
  return answer.problems;
}
