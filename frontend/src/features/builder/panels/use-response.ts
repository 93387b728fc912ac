import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { Autosaver, type SaveState } from "@/api/autosave";
import { content, contentKey, contentQuery } from "@/api/content";
import { isApiError } from "@/api/errors";
import { queryClient } from "@/api/query-client";
import type { Json, Primitive } from "@/api/types";
import { useFlush } from "../unsaved";

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

/** One response, edited in place and saved by itself; the flow only names it. */
export function useResponse(assistantId: string, id: string): OpenResponse {
  const client = useQueryClient();
  const query = useQuery({
    ...contentQuery(assistantId, "responses", id),
    enabled: id !== "" && id !== "utter_",
  });
  const [opened, setOpened] = useState<{
    id: string;
    saver: Autosaver<Json[]>;
    body: Json[];
  } | null>(null);
  useEffect(() => {
    if (!query.data) return;
    const stored = query.data;
    setOpened((current) => {
      if (current?.id === id) {
        current.saver.reload(stored);
        return current;
      }
      return {
        id,
        saver: openSaver(assistantId, stored, (body) =>
          setOpened((now) => now && { ...now, body }),
        ),
        body: stored.body,
      };
    });
  }, [assistantId, id, query.data]);
  const saver = opened?.id === id ? opened.saver : null;
  useFlush(saver);
  const save = useSyncExternalStore(saver?.subscribe ?? noSubscription, saver?.state ?? noState);
  if (isApiError(query.error, "not_found") || id === "" || id === "utter_") {
    const create = async (text: string) => {
      await content.create(assistantId, "responses", id, [{ text }]);
      await client.invalidateQueries({ queryKey: contentKey(assistantId, "responses") });
    };
    return { kind: "missing", create };
  }
  if (query.error) return { kind: "failed", error: query.error, retry: () => void query.refetch() };
  if (!opened || !saver || !save) return { kind: "loading" };
  const change = (body: Json[]) => {
    setOpened({ ...opened, body });
    saver.change(body);
  };
  return { kind: "open", body: opened.body, change, save, decide: (side) => saver.decide(side) };
}

const noSubscription = () => () => undefined;
const noState = () => null;

function openSaver(
  assistantId: string,
  stored: Primitive<Json[]>,
  onReplace: (body: Json[]) => void,
): Autosaver<Json[]> {
  return new Autosaver<Json[]>({
    stored,
    save: async (revision, body) => {
      const saved = await content.save(assistantId, "responses", stored.id, { revision, body });
      queryClient.setQueryData(contentQuery(assistantId, "responses", stored.id).queryKey, saved);
      void queryClient.invalidateQueries({
        queryKey: ["content", assistantId, "responses", "list"],
      });
      return saved;
    },
    onReplace,
  });
}
