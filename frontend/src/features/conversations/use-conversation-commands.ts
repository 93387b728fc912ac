import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { conversations } from "@/api/conversations";
import { toast } from "@/components/feedback/toast";

/** Reviews, tags and deletes; the first two can be taken back. */
export function useConversationCommands(assistantId: string) {
  const { t } = useTranslation("conversations");
  const client = useQueryClient();
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
    } catch (error) {
      toast.refused(error);
    }
    await Promise.all([
      client.invalidateQueries({ queryKey: ["conversations", assistantId] }),
      client.invalidateQueries({ queryKey: ["conversation"] }),
      client.invalidateQueries({ queryKey: ["tags"] }),
    ]);
  };
  const review = (ids: string[], reviewed = true): void =>
    void attempt(async () => {
      await conversations.bulk(ids, reviewed ? "review" : "unreview");
      toast.done(t(reviewed ? "reviewedDone" : "unreviewedDone", { count: ids.length }), {
        about: `reviewed ${ids.join(" ")}`,
        undo: () => review(ids, !reviewed),
      });
    });
  return {
    review,
    tag: (ids: string[], tag: string) =>
      void attempt(async () => {
        await conversations.bulk(ids, "tag", tag);
        toast.done(t("tagged", { count: ids.length, tag }));
      }),
    setTags: (id: string, tags: string[]) => void attempt(() => conversations.tag(id, tags)),
    remove: (ids: string[]) =>
      void attempt(async () => {
        await conversations.bulk(ids, "delete");
        toast.done(t("removed", { count: ids.length }));
      }),
  };
}
