import { useEffect } from "react";
import type { Autosaver, Unsaved } from "@/api/autosave";
import { onFreshToken } from "@/api/session";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";

/** Edits that could not be sent, kept in this tab so that they survive a reload. */
export function readUnsaved(key: string): Unsaved<JsonObject> | null {
  const text = window.sessionStorage.getItem(key);
  if (text === null) return null;
  const kept = JSON.parse(text) as JsonObject;
  const { revision, base, body } = kept;
  return typeof revision === "number" && isObject(base) && isObject(body)
    ? { revision, base, body }
    : null;
}

export function unsavedKey(person: string, assistantId: string, noun: string, id: string): string {
  return ["unsaved", person, assistantId, noun, id].join(" ");
}

/** Keeps what waits to be saved in this tab, until the server has it. */
export function useKeepUnsaved(saver: Autosaver<JsonObject>, key: string): void {
  useEffect(
    () =>
      saver.subscribe(() => {
        const { unsaved } = saver;
        if (unsaved) window.sessionStorage.setItem(key, JSON.stringify(unsaved));
        else window.sessionStorage.removeItem(key);
      }),
    [saver, key],
  );
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
