import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { assistants } from "@/api/assistants";
import { toast } from "@/components/feedback/toast";

type Values = Parameters<typeof assistants.change>[1];

/** Changes facts of an assistant at once, says so, and offers the way back. Throws what the server refuses. */
export function useAssistantChange(assistantId: string) {
  const client = useQueryClient();
  return useCallback(
    async (values: Values, before: Values, said: string) => {
      const apply = async (wanted: Values) => {
        const changed = await assistants.change(assistantId, wanted);
        client.setQueryData(["assistant", assistantId], changed);
        void client.invalidateQueries({ queryKey: ["assistants"] });
      };
      await apply(values);
      toast.done(said, {
        about: `assistant ${assistantId}`,
        undo: () => void apply(before).catch(toast.refused),
      });
    },
    [assistantId, client],
  );
}
