import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { contentKey } from "@/api/content";
import { restoreCommit } from "@/api/history";
import { toast } from "@/components/feedback/toast";
import { useItemName } from "./use-item-name";

export interface Place {
  kind: string;
  key: string;
}

/** Goes back: items, or everything without any, become what they were after a commit. Offers Undo. */
export function useRestore(assistantId: string) {
  const { t } = useTranslation("content");
  const client = useQueryClient();
  const nameOf = useItemName(assistantId);
  return useCallback(
    async (number: number, items?: readonly Place[]): Promise<void> => {
      const [first] = items ?? [];
      const what = first ? nameOf(first.kind, first.key) : t("history.everything");
      try {
        const { commit, problems } = await restoreCommit(assistantId, number, items);
        if (!commit) {
          toast.done(t("history.already"));
          return;
        }
        const before = commit.number - 1;
        toast.done(
          problems.length > 0
            ? t("history.restoredWithProblems", { what, count: problems.length })
            : t("history.restored", { what }),
          {
            undo: async () => {
              await restoreCommit(assistantId, before, items);
              await client.invalidateQueries({ queryKey: contentKey(assistantId) });
            },
          },
        );
        await client.invalidateQueries({ queryKey: contentKey(assistantId) });
      } catch (error) {
        toast.refused(error);
      }
    },
    [assistantId, client, nameOf, t],
  );
}
