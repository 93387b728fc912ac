import { useEffect } from "react";
import { createStore, useStore } from "zustand";
import { useShallow } from "zustand/react/shallow";
import { Autosaver, type Unsaved } from "@/api/autosave";
import { type ContentBodies, content, contentQuery } from "@/api/content";
import { useMe, usePermission } from "@/api/me";
import { onAnswering } from "@/api/outage";
import { queryClient } from "@/api/query-client";
import { onFreshToken } from "@/api/session";
import type { Item } from "@/api/types";
import { type Json, textThatDiffers } from "@/flow-core/json";
import { bothExamples, bothVariations } from "@/flow-core/keep-both";
import type { Merged } from "@/flow-core/merge";
import { rememberEdit } from "@/lib/undo";

/** The kinds that have an editor. */
export type EditedKind =
  | "flows"
  | "system-flows"
  | "responses"
  | "slots"
  | "actions"
  | "files"
  | "tests"
  | "word-lists";

/** Who edits here; null for a person who may only look. */
export function useAuthor(): string | null {
  const { id } = useMe();
  return usePermission("content.edit") ? id : null;
}

interface ToOpen<Of extends EditedKind> {
  assistantId: string;
  kind: Of;
  stored: Item<ContentBodies[Of]>;
  author: string | null;
  /** The body changed without the author: someone else's work was merged in, or was chosen. */
  onReplace: (body: ContentBodies[Of]) => void;
}

export interface Opened<Body extends Json> {
  saver: Autosaver<Body>;
  /** What the author finds: the item as it is stored, or with the edits that could not be sent. */
  body: Body;
}

/** Of the kinds that list ways to say the same. */
const BOTH: {
  [Kind in EditedKind]?: (merged: Merged) => ContentBodies[Kind] | null;
} = { responses: bothVariations, "word-lists": bothExamples };

/**
 * Opens one item for editing. Whatever its author hands to `saver.change`, the first body too, is saved by itself;
 * what the server does not have yet stays in this tab and survives a reload.
 */
export function openItem<Of extends EditedKind>(item: ToOpen<Of>): Opened<ContentBodies[Of]> {
  const { assistantId, kind, stored } = item;
  return openPart({
    ...item,
    keepBoth: BOTH[kind],
    save: async (revision, body) => {
      const saved = await content.save(assistantId, kind, stored.id, { revision, body });
      queryClient.setQueryData(contentQuery(assistantId, kind, stored.id).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: ["content", assistantId, kind, "list"] });
      return saved;
    },
  });
}

interface PartToOpen<Body extends Json> {
  assistantId: string;
  kind: Held["kind"];
  stored: Item<Body>;
  author: string | null;
  onReplace: (body: Body) => void;
  save: (revision: number, body: Body) => Promise<Item<Body>>;
  keepBoth?: ((merged: Merged) => Body | null) | undefined;
}

/** The same of whatever is saved at a revision, such as one text of an item. */
export function openPart<Body extends Json>(part: PartToOpen<Body>): Opened<Body> {
  const { assistantId, kind, stored, author, onReplace, save, keepBoth } = part;
  const key = ["unsaved", author, assistantId, kind, stored.id].join(" ");
  const unsaved = author === null ? null : readUnsaved<Body>(key);
  const saver = new Autosaver<Body>({
    stored: unsaved ? { ...stored, revision: unsaved.revision, body: unsaved.base } : stored,
    save,
    onReplace,
    keepBoth,
  });
  let first = true;
  saver.subscribe(() => {
    // Opened again since, the item belongs to the newer saver.
    if (!first && changed.getState().get(key)?.saver !== saver) return;
    first = false;
    const unsent = saver.unsaved;
    if (unsent) window.sessionStorage.setItem(key, JSON.stringify(unsent));
    else window.sessionStorage.removeItem(key);
    const held = { saver, assistantId, kind, id: stored.id };
    changed.setState(new Map(changed.getState()).set(key, held), true);
  });
  return { saver, body: unsaved?.body ?? stored.body };
}

function readUnsaved<Body extends Json>(key: string): Unsaved<Body> | null {
  const text = window.sessionStorage.getItem(key);
  return text === null ? null : (JSON.parse(text) as Unsaved<Body>);
}

export interface Held {
  saver: Pick<Autosaver<Json>, "flush" | "state" | "bring">;
  assistantId: string;
  kind: EditedKind | "translations";
  id: string;
}

/** What was changed in this visit, whether its panel is still open or not. */
const changed = createStore<ReadonlyMap<string, Held>>(() => new Map());

/** An edit for the page's history, by number: taken back where the item is edited now, or, closed by now, was edited last. */
export function rememberItemEdit<Body extends Json>(
  saver: Autosaver<Body>,
  item: Pick<Held, "kind" | "id">,
  from: Body,
  to: Body,
): number {
  const bring = (before: Json, after: Json) => {
    const held = [...changed.getState().values()].findLast(
      ({ kind, id }) => kind === item.kind && id === item.id,
    );
    (held?.saver ?? saver).bring(before as Body, after as Body);
  };
  const place = textThatDiffers(from, to);
  const field = place === null ? undefined : `${item.kind} ${item.id} ${place}`;
  return rememberEdit({ from, to, bring }, field);
}

/** Sends what waits when the window is left, the network is back or the person has signed in again. */
export async function flushAll(): Promise<void> {
  await Promise.all([...changed.getState().values()].map(({ saver }) => saver.flush()));
}
window.addEventListener("blur", flushAll);
window.addEventListener("online", flushAll);
onFreshToken(flushAll);
onAnswering(flushAll);

/** True from when something of this visit could not be sent until it was. */
export function useUnsent(): boolean {
  return useStore(changed, (all) =>
    [...all.values()].some(({ saver }) => saver.state().error !== null),
  );
}

/** What of this visit is not on the server yet. */
export function useWaiting(): readonly Held[] {
  return useStore(
    changed,
    useShallow((all) => [...all.values()].filter(({ saver }) => saver.state().status !== "saved")),
  );
}

/** When the newest of what was changed in this visit was stored; null before the first. */
export function useSavedAt(): string | null {
  return useStore(changed, (all) =>
    [...all.values()].reduce<string | null>((newest, { saver }) => {
      const { savedAt } = saver.state();
      return newest === null || (savedAt !== null && savedAt > newest) ? savedAt : newest;
    }, null),
  );
}

/** True until everything of this visit is on the server. */
export function usePending(): boolean {
  return useStore(changed, (all) =>
    [...all.values()].some(({ saver }) => saver.state().status !== "saved"),
  );
}

/** What of this visit somebody else changed too, and nobody has decided about yet. */
export function useConflicts(): readonly Held[] {
  return useStore(
    changed,
    useShallow((all) => [...all.values()].filter(({ saver }) => saver.state().conflict !== null)),
  );
}

/** Sends what waits when its author goes on to something else. */
export function useFlush<Body extends Json>(saver: Autosaver<Body> | null): void {
  useEffect(() => () => void saver?.flush(), [saver]);
}
