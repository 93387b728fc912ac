import { useEffect } from "react";
import { Autosaver, type Unsaved } from "@/api/autosave";
import { type ContentBodies, content, contentQuery } from "@/api/content";
import { useMe, usePermission } from "@/api/me";
import { queryClient } from "@/api/query-client";
import { onFreshToken } from "@/api/session";
import type { Primitive } from "@/api/types";
import type { Json } from "@/flow-core/json";

type Noun = "flows" | "system-flows" | "responses";

/** Who edits here; null for a person who may only look. */
export function useAuthor(): string | null {
  const { id } = useMe();
  return usePermission("content.edit") ? id : null;
}

interface Item<Of extends Noun> {
  assistantId: string;
  noun: Of;
  stored: Primitive<ContentBodies[Of]>;
  author: string | null;
  /** The body changed without the author: someone else's work was merged in, or was chosen. */
  onReplace: (body: ContentBodies[Of]) => void;
}

export interface Opened<Body extends Json> {
  saver: Autosaver<Body>;
  /** What the author finds: the item as it is stored, or with the edits that could not be sent. */
  body: Body;
}

/**
 * Opens one item for editing. Whatever its author hands to `saver.change`, the first body too, is saved by itself;
 * what the server does not have yet stays in this tab and survives a reload.
 */
export function openItem<Of extends Noun>(item: Item<Of>): Opened<ContentBodies[Of]> {
  type Body = ContentBodies[Of];
  const { assistantId, noun, stored, author, onReplace } = item;
  const key = ["unsaved", author, assistantId, noun, stored.id].join(" ");
  const unsaved = author === null ? null : readUnsaved<Body>(key);
  const saver = new Autosaver<Body>({
    stored: unsaved ? { ...stored, revision: unsaved.revision, body: unsaved.base } : stored,
    save: async (revision, body) => {
      const saved = await content.save(assistantId, noun, stored.id, { revision, body });
      queryClient.setQueryData(contentQuery(assistantId, noun, stored.id).queryKey, saved);
      void queryClient.invalidateQueries({ queryKey: ["content", assistantId, noun, "list"] });
      return saved;
    },
    onReplace,
  });
  saver.subscribe(() => {
    const waiting = saver.unsaved;
    if (waiting) window.sessionStorage.setItem(key, JSON.stringify(waiting));
    else window.sessionStorage.removeItem(key);
  });
  return { saver, body: unsaved?.body ?? stored.body };
}

function readUnsaved<Body extends Json>(key: string): Unsaved<Body> | null {
  const text = window.sessionStorage.getItem(key);
  return text === null ? null : (JSON.parse(text) as Unsaved<Body>);
}

/** Sends what waits when the window is left, the network is back or the person has signed in again. */
export function useFlush<Body extends Json>(saver: Autosaver<Body> | null): void {
  useEffect(() => {
    if (!saver) return;
    const flush = () => void saver.flush();
    const stopTokens = onFreshToken(flush);
    window.addEventListener("blur", flush);
    window.addEventListener("online", flush);
    return () => {
      stopTokens();
      window.removeEventListener("blur", flush);
      window.removeEventListener("online", flush);
      flush();
    };
  }, [saver]);
}
