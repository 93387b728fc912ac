import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import {
  type ActionRunner,
  type ActionServer,
  actionServerQuery,
  setActionServer,
} from "@/api/action-server";
import { toast } from "@/components/feedback/toast";

/** Says who runs the custom actions from the next training on, with the way back. Throws what the server refuses. */
export function useActionServerChange(assistantId: string, now: ActionServer) {
  const client = useQueryClient();
  const { t } = useTranslation("model");
  const apply = async (runner: ActionRunner, url: string) => {
    const made = await setActionServer(assistantId, runner, url);
    client.setQueryData(actionServerQuery(assistantId).queryKey, made);
    void client.invalidateQueries({
      queryKey: ["content", assistantId],
      predicate: (query) => query.queryKey[2] !== "action-server",
    });
  };
  return async (runner: ActionRunner, url: string) => {
    await apply(runner, url);
    toast.done(t(`actions.chosen.${runner}`), {
      about: `action server ${assistantId}`,
      undo: () => void apply(now.runner, now.url).catch(toast.refused),
    });
  };
}
