import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { SaveState, Whose } from "@/api/autosave";
import { type ContentBodies, contentQuery } from "@/api/content";
import { isApiError } from "@/api/errors";
import {
  type EditedKind,
  type Opened,
  openItem,
  rememberItemEdit,
  useAuthor,
  useFlush,
} from "./saving";
import { useCreate } from "./use-create";

export type OpenItem<Kind extends EditedKind> =
  | { kind: "loading" }
  | { kind: "missing"; create: (body: ContentBodies[Kind]) => Promise<void> }
  | { kind: "failed"; error: Error; retry: () => void }
  | {
      kind: "open";
      body: ContentBodies[Kind];
      /** The number of the edit in the page's history. */
      change: (body: ContentBodies[Kind]) => number;
      save: SaveState;
      /** Saves at once what waits. */
      flush: () => Promise<void>;
      decide: (whose: Whose) => void;
    };

interface Editing<Kind extends EditedKind> extends Opened<ContentBodies[Kind]> {
  id: string;
}

/** One item, edited in place and saved by itself. An empty id is of an item that has no name yet. */
export function useItem<Kind extends EditedKind>(
  assistantId: string,
  itemKind: Kind,
  id: string,
): OpenItem<Kind> {
  const create = useCreate(assistantId);
  const author = useAuthor();
  const query = useQuery({ ...contentQuery(assistantId, itemKind, id), enabled: id !== "" });
  const [opened, setOpened] = useState<Editing<Kind> | null>(null);
  const saving = useRef<Pick<Editing<Kind>, "id" | "saver"> | null>(null);
  useEffect(() => {
    if (!query.data) return;
    const stored = query.data;
    if (saving.current?.id === id) {
      saving.current.saver.reload(stored);
      return;
    }
    const onReplace = (body: ContentBodies[Kind]) =>
      setOpened((now) => (now?.id === id ? { ...now, body } : now));
    const next = { id, ...openItem({ assistantId, kind: itemKind, stored, author, onReplace }) };
    saving.current = next;
    setOpened(next);
  }, [assistantId, itemKind, id, author, query.data]);
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
  if (id === "" || notFound || (query.isPending && missing === id)) {
    return { kind: "missing", create: (body) => create(itemKind, id, body) };
  }
  if (query.error) return { kind: "failed", error: query.error, retry: () => void query.refetch() };
  if (!editing || !save) return { kind: "loading" };
  return {
    kind: "open",
    body: editing.body,
    change: (body) => {
      setOpened({ ...editing, body });
      return rememberItemEdit(editing.saver, { kind: itemKind, id }, editing.body, body);
    },
    save,
    flush: () => editing.saver.flush(),
    decide: (whose) => editing.saver.decide(whose),
  };
}

const noSubscription = () => () => undefined;
const noState = () => null;
