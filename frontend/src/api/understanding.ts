import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { everyPage } from "./pages";
import type { Json, Schemas, With } from "./types";

export type Intent = Schemas["Intent"];
export type IntentExamples = Schemas["IntentExamples"];
export type Entity = Schemas["Entity"];
export type WordList = Schemas["WordList"];
export type ClosePair = Schemas["ClosePair"];
export type Reading = With<"Reading", { slots: { slot: string; value: Json }[] }>;
export type Understood = With<"Understood", { reading: Reading | null }>;
export type Unfitted = Schemas["Unfitted"];

export interface ExamplePlace {
  intent: string;
  text: string;
}

/** What becomes of an example; null on the left: it is new, on the right: it goes. */
export interface ExampleChange {
  was: ExamplePlace | null;
  becomes: ExamplePlace | null;
  position?: number | null;
}

const at = (assistant: string, rest: string) => `assistants/${assistant}/${rest}`;
const one = (assistant: string, kind: "intents" | "entities", id: string) =>
  at(assistant, `${kind}/${encodeURIComponent(id)}/`);

/** Everything below goes stale together: an example changes counts, names and what is near. */
export const understandingKey = (assistant: string) =>
  ["content", assistant, "understanding"] as const;

/** What every example is compared with: asked for anew after a pause in the changes. */
export const comparedKey = (assistant: string) => ["compared", assistant] as const;

const listQuery = <Row>(assistant: string, kind: "intents" | "entities" | "word-lists") =>
  queryOptions({
    queryKey: [...understandingKey(assistant), kind] as const,
    queryFn: async ({ signal }) =>
      (await everyPage<Row>(at(assistant, `${kind}/`), {}, signal)).results,
  });

export const intentsQuery = (assistant: string) => listQuery<Intent>(assistant, "intents");
export const entitiesQuery = (assistant: string) => listQuery<Entity>(assistant, "entities");
export const wordListsQuery = (assistant: string) => listQuery<WordList>(assistant, "word-lists");

export const intentQuery = (assistant: string, intent: string) =>
  queryOptions({
    queryKey: [...understandingKey(assistant), "intent", intent] as const,
    queryFn: ({ signal }) =>
      api.get<IntentExamples>(`${one(assistant, "intents", intent)}examples/`, { signal }),
  });

/** Pairs of examples of different intents that are nearly the same. */
export const closePairsQuery = (assistant: string) =>
  queryOptions({
    queryKey: [...comparedKey(assistant), "close"] as const,
    queryFn: ({ signal }) => api.get<ClosePair[]>(at(assistant, "examples/close/"), { signal }),
  });

/** What users said in the last days and nothing was understood of. */
export const unfittedQuery = (assistant: string) =>
  queryOptions({
    queryKey: [...comparedKey(assistant), "unfitted"] as const,
    queryFn: ({ signal }) => api.get<Unfitted[]>(at(assistant, "unfitted/"), { signal }),
  });

const WAKING_MS = 800;

/** What is trained would understand by a sentence; asked again while the assistant wakes. */
export const understoodQuery = (assistant: string, text: string) =>
  queryOptions({
    queryKey: ["understood", assistant, text] as const,
    queryFn: () => api.post<Understood>(at(assistant, "understand/"), { text }),
    staleTime: 60_000,
    retry: false,
    refetchInterval: ({ state }) => (state.data?.state === "waking" ? WAKING_MS : false),
  });

export const understanding = {
  change: (assistant: string, changes: readonly ExampleChange[]) =>
    api.post<{ commit: number | null }>(at(assistant, "examples/"), { changes }),
  create: (assistant: string, kind: "intents" | "entities", id: string) =>
    api.post(at(assistant, `${kind}/`), { id, body: null }),
  createList: (assistant: string, kind: WordList["kind"], name: string) =>
    api.post(at(assistant, "word-lists/"), {
      id: `${kind}:${name}`,
      body: { [kind]: name, examples: "" },
    }),
  /** `left` are files that seem to name it, and stay as they are. */
  rename: (
    assistant: string,
    kind: "intents" | "entities",
    id: string,
    change: { id: string; revision: number },
  ) => api.post<{ id: string; left: string[] }>(`${one(assistant, kind, id)}rename/`, change),
  delete: (assistant: string, kind: "intents" | "entities", id: string) =>
    api.delete(one(assistant, kind, id)),
  restore: (assistant: string, kind: "intents" | "entities", id: string) =>
    api.post(`${one(assistant, kind, id)}restore/`),
};
