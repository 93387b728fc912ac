import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { assistants } from "@/api/assistants";
import { content, contentKey } from "@/api/content";
import type { FlowItem } from "@/api/types";
import { toast } from "@/components/feedback/toast";
import { announce } from "@/lib/announce";
import { saveLinked } from "@/lib/save-file";

export interface FlowCommands {
  duplicate: (flows: readonly FlowItem[]) => void;
  exportOnly: (flows: readonly FlowItem[], linked: boolean) => void;
  remove: (flows: readonly FlowItem[]) => void;
  restore: (flows: readonly FlowItem[]) => void;
  reset: (flow: FlowItem) => void;
}

/** What can be done to flows in the list; each is said in a toast, and taken back by it where it can be. */
export function useFlowCommands(assistantId: string): FlowCommands {
  const { t } = useTranslation("flows");
  const client = useQueryClient();
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      toast.refused(error);
    }
    await client.invalidateQueries({ queryKey: contentKey(assistantId) });
  };
  const say = (message: string, undo?: () => void) => {
    toast.done(message, undo ? { undo } : {});
    announce(message);
  };
  const restore = (flows: readonly FlowItem[]) =>
    void attempt(async () => {
      for (const flow of flows) await content.restore(assistantId, "flows", flow.id);
    });
  return {
    restore,
    duplicate: (flows) =>
      void attempt(async () => {
        for (const flow of flows) await content.duplicate(assistantId, flow.id);
        say(t("duplicated", { count: flows.length, name: flows[0]?.name }));
      }),
    exportOnly: (flows, linked) =>
      void attempt(() => {
        const chosen = { flows: flows.map((flow) => flow.id), linked };
        return saveLinked(assistants.exportLink(assistantId, chosen), () =>
          assistants.export(assistantId, chosen),
        );
      }),
    remove: (flows) =>
      void attempt(async () => {
        for (const flow of flows)
          await content.delete(assistantId, "flows", flow.id, flow.revision);
        say(t("removed", { count: flows.length, name: flows[0]?.name }), () => restore(flows));
      }),
    reset: (flow) =>
      void attempt(async () => {
        await content.delete(assistantId, "system-flows", flow.id, flow.revision);
        say(
          t("resetDone", { name: flow.name }),
          () =>
            void attempt(async () => {
              await content.restore(assistantId, "system-flows", flow.id);
            }),
        );
      }),
  };
}
