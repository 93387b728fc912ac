import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { content, contentKey } from "@/api/content";
import { restoreCommit } from "@/api/history";
import { deleteItems, responses } from "@/api/responses";
import type { ResponseItem } from "@/api/types";
import { useResponseName } from "@/components/content/use-response-name";
import { toast } from "@/components/feedback/toast";
import { useSearchChange } from "@/components/table/filter-bar";

interface Here {
  response?: string | undefined;
  new?: 1 | undefined;
}

/** Runs something that may be refused; the refusal is told. */
async function told(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    toast.refused(error);
  }
}

export function useDeleteMany(assistantId: string) {
  const { t } = useTranslation("responses");
  const client = useQueryClient();
  const set = useSearchChange<Here>();
  return useCallback(
    (rows: readonly ResponseItem[]) =>
      told(async () => {
        const items = rows.map(({ id, revision }) => ({ kind: "response", key: id, revision }));
        const { commit } = await deleteItems(assistantId, items);
        set({ response: undefined });
        const refresh = () => client.invalidateQueries({ queryKey: contentKey(assistantId) });
        if (!commit) return refresh();
        const undo = () =>
          told(async () => {
            await restoreCommit(assistantId, commit.number - 1, items);
            await refresh();
          });
        toast.done(t("deletedMany", { count: rows.length }), { undo: () => void undo() });
        await refresh();
      }),
    [assistantId, client, set, t],
  );
}

/** Copying, deleting and resetting one response. */
export function useResponseActions(assistantId: string, id: string) {
  const { t } = useTranslation("responses");
  const client = useQueryClient();
  const nameOf = useResponseName();
  const set = useSearchChange<Here>();
  const refresh = () => client.invalidateQueries({ queryKey: contentKey(assistantId) });
  const duplicate = () =>
    told(async () => {
      const copy = await responses.duplicate(assistantId, id);
      await refresh();
      set({ response: copy.id });
    });
  /** Of one that replaces the runtime's own, that one is back. */
  const remove = (revision: number, message: "deleted" | "wasReset") =>
    told(async () => {
      await content.delete(assistantId, "responses", id, revision);
      const { queryKey } = { queryKey: contentKey(assistantId, "responses", id) };
      client.removeQueries({ queryKey });
      if (message === "deleted") set({ response: undefined });
      const undo = () =>
        told(async () => {
          await content.restore(assistantId, "responses", id);
          client.removeQueries({ queryKey });
          await refresh();
          set({ response: id });
        });
      toast.done(t(message, { name: nameOf(id) }), { undo: () => void undo() });
      await refresh();
    });
  const rename = async (name: string, revision: number) => {
    const { left } = await responses.rename(assistantId, id, name, revision);
    set({ response: name });
    toast.done(
      left.length > 0 ? t("renamedBut", { name, left: left.join(", ") }) : t("renamed", { name }),
    );
    await refresh();
  };
  const copyLink = () =>
    void navigator.clipboard
      .writeText(new URL(`?response=${encodeURIComponent(id)}`, window.location.href).href)
      .then(() => toast.done(t("linkCopied")));
  return { duplicate, remove, rename, copyLink };
}
