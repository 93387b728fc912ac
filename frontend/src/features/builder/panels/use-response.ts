import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { SaveState } from "@/api/autosave";
import { content, contentKey, contentQuery } from "@/api/content";
import { isApiError } from "@/api/errors";
import type { Json } from "@/api/types";
import { type Opened, openItem, useAuthor, useFlush } from "../saving";

export type OpenResponse =
  | { kind: "loading" }
  | { kind: "missing"; create: (text: string) => Promise<void> }
  | { kind: "failed"; error: Error; retry: () => void }
  | {
      kind: "open";
      body: Json[];
      change: (body: Json[]) => void;
      save: SaveState;
      decide: (side: "mine" | "theirs") => void;
    };

interface Editing extends Opened<Json[]> {
  id: string;
}

/** One response, edited in place and saved by itself; the flow only names it. */
export function useResponse(assistantId: string, id: string): OpenResponse {
  const client = useQueryClient();
  const author = useAuthor();
  const named = id !== "" && id !== "utter_";
  const query = useQuery({ ...contentQuery(assistantId, "responses", id), enabled: named });
  const [opened, setOpened] = useState<Editing | null>(null);
  useEffect(() => {
    if (!query.data) return;
    const stored = query.data;
    setOpened((current) => {
      if (current?.id === id) {
        current.saver.reload(stored);
        return current;
      }
      const onReplace = (body: Json[]) =>
        setOpened((now) => (now?.id === id ? { ...now, body } : now));
      return { id, ...openItem({ assistantId, kind: "responses", stored, author, onReplace }) };
    });
  }, [assistantId, id, author, query.data]);
  const editing = opened?.id === id ? opened : null;
  useEffect(() => {
    if (editing && author !== null) editing.saver.change(editing.body);
  }, [editing, author]);
  useFlush(editing?.saver ?? null);
  const save = useSyncExternalStore(
    editing?.saver.subscribe ?? noSubscription,
    editing?.saver.state ?? noState,
  );
  // Looked for again, it counts as missing until it is there: its first words are just being written.
  const [missing, setMissing] = useState<string | null>(null);
  const notFound = isApiError(query.error, "not_found");
  if (notFound && missing !== id) setMissing(id);
  if (!named || notFound || (query.isPending && missing === id)) {
    const create = async (text: string) => {
      const created = await content.create(assistantId, "responses", id, [{ text }]);
      const { queryKey } = contentQuery(assistantId, "responses", id);
      // An answer that is on its way may still be that it is not there.
      await client.cancelQueries({ queryKey, exact: true });
      client.setQueryData(queryKey, created);
      await client.invalidateQueries({ queryKey: contentKey(assistantId, "responses") });
    };
    return { kind: "missing", create };
  }
  if (query.error) return { kind: "failed", error: query.error, retry: () => void query.refetch() };
  if (!editing || !save) return { kind: "loading" };
  return {
    kind: "open",
    body: editing.body,
    change: (body) => setOpened({ ...editing, body }),
    save,
    decide: (side) => editing.saver.decide(side),
  };
}

const noSubscription = () => () => undefined;
const noState = () => null;
