import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { everyPage } from "./pages";
import type {
  ActionItem,
  FlowItem,
  Item,
  Json,
  JsonObject,
  Problem,
  ProblemReport,
  ResponseItem,
  Schemas,
  SlotItem,
} from "./types";

/** The kinds of the content routes; the list and one item share a query key prefix per assistant. */
type FileRow = Schemas["File"];

export interface ContentItems {
  flows: FlowItem;
  "system-flows": FlowItem & { customised: boolean };
  responses: ResponseItem;
  slots: SlotItem;
  actions: ActionItem;
  files: FileRow;
  tests: Schemas["Test"];
  "word-lists": Schemas["WordList"];
}
export type ContentKind = keyof ContentItems;

export interface ContentBodies {
  flows: JsonObject;
  "system-flows": JsonObject;
  responses: Json[];
  slots: JsonObject;
  actions: JsonObject | null;
  files: string;
  /** Values, or YAML. */
  tests: JsonObject | string;
  "word-lists": JsonObject;
}

const all = (assistant: string, kind: ContentKind) => `assistants/${assistant}/${kind}/`;
const one = (assistant: string, kind: ContentKind, id: string) =>
  `${all(assistant, kind)}${encodeURIComponent(id)}/`;

/** Keys: ["content", assistant, kind, "list" | "item", …], so that one prefix refreshes what changed. */
export const contentKey = (assistant: string, kind?: ContentKind, id?: string) =>
  ["content", assistant, ...(kind ? [kind] : []), ...(id ? ["item", id] : [])] as const;

export const contentListQuery = <Kind extends ContentKind>(
  assistant: string,
  kind: Kind,
  filters: Record<string, string | number | boolean | undefined> = {},
) =>
  queryOptions({
    queryKey: ["content", assistant, kind, "list", filters] as const,
    queryFn: ({ signal }) => everyPage<ContentItems[Kind]>(all(assistant, kind), filters, signal),
  });

/** Every item of a kind. For names and first texts, which a canvas needs for any step. */
export const allContentQuery = <Kind extends ContentKind>(assistant: string, kind: Kind) =>
  queryOptions({
    queryKey: ["content", assistant, kind, "list", "all"] as const,
    queryFn: async ({ signal }) =>
      (await everyPage<ContentItems[Kind]>(all(assistant, kind), {}, signal)).results,
  });

export const contentQuery = <Kind extends ContentKind>(assistant: string, kind: Kind, id: string) =>
  queryOptions({
    queryKey: ["content", assistant, kind, "item", id] as const,
    queryFn: ({ signal }) =>
      api.get<Item<ContentBodies[Kind]>>(one(assistant, kind, id), { signal }),
  });

export const content = {
  create: <Kind extends ContentKind>(
    assistant: string,
    kind: Kind,
    id: string,
    body: ContentBodies[Kind],
  ) => api.post<Item<ContentBodies[Kind]>>(all(assistant, kind), { id, body }),
  save: <Kind extends ContentKind>(
    assistant: string,
    kind: Kind,
    id: string,
    change: { revision: number; body: ContentBodies[Kind]; reason?: string },
  ) => api.put<Item<ContentBodies[Kind]>>(one(assistant, kind, id), change),
  delete: (assistant: string, kind: ContentKind, id: string, revision: number) =>
    api.delete(one(assistant, kind, id), { revision }),
  restore: (assistant: string, kind: ContentKind, id: string) =>
    api.post<Item>(`${one(assistant, kind, id)}restore/`),
  duplicate: (assistant: string, id: string) =>
    api.post<Item<JsonObject>>(`${one(assistant, "flows", id)}duplicate/`),
  /** Made an example of the intent that starts the flow; a flow that none starts gets one. */
  addExample: (assistant: string, flow: string, text: string) =>
    api.post<Schemas["Example"]>(`${one(assistant, "flows", flow)}examples/`, { text }),
  renameFlow: (assistant: string, id: string, newId: string, revision: number) =>
    api.post<Item<JsonObject>>(`${one(assistant, "flows", id)}rename/`, {
      id: newId,
      revision,
    }),
  /** `left` are code, tests and prompts that seem to name the slot, and stay as they are. */
  renameSlot: async (assistant: string, id: string, newId: string) => {
    const { revision } = await api.get<Item<JsonObject>>(one(assistant, "slots", id));
    return api.post<{ slot: Item<JsonObject>; left: string[] }>(
      `${one(assistant, "slots", id)}rename/`,
      { id: newId, revision },
    );
  },
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
