import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type PromptName, prompts } from "@/api/prompts";
import { toast } from "@/components/feedback/toast";

/** A prompt of the assistant's own, and back to the default; each can be undone. Throws what the server refuses. */
export function usePromptCommands(assistantId: string, name: PromptName) {
  const client = useQueryClient();
  const { t } = useTranslation("prompts");
  const about = `prompt ${assistantId} ${name}`;
  const refresh = () => client.invalidateQueries({ queryKey: ["content", assistantId] });
  const reset = async () => {
    await prompts.reset(assistantId, name);
    void refresh();
  };
  const write = async (text: string, path?: string) => {
    await prompts.write(assistantId, name, text, path);
    void refresh();
  };
  return {
    /** Begins with these words. */
    write: async (text: string) => {
      await prompts.write(assistantId, name, text);
      toast.done(t("written"), { about, undo: () => void reset().catch(toast.refused) });
      await refresh();
    },
    /** `text` null: the file is missing, and there is nothing to bring back. */
    reset: async (text: string | null, path: string) => {
      await prompts.reset(assistantId, name);
      const undo = () => void write(text ?? "", path).catch(toast.refused);
      toast.done(t("wasReset"), text === null ? { about } : { about, undo });
      await refresh();
    },
  };
}
