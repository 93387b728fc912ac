import { useTranslation } from "react-i18next";
import { toast } from "@/components/feedback/toast";
import type { JsonObject } from "@/flow-core/json";
import { humanise } from "@/lib/humanise";
import type { Conversation } from "../conversation";

/** Answers for an action, or no longer, and offers to take that back. */
export function useStubAction(conversation: Conversation) {
  const { t } = useTranslation("inspector");
  return async (name: string, answer: JsonObject | null, before: JsonObject | null) => {
    await conversation.stubAction(name, answer);
    const action = humanise(name);
    toast.done(t(answer ? "actions.saved" : "actions.removed", { action }), {
      about: `answer for action ${name}`,
      undo: () => void conversation.stubAction(name, before).catch(toast.refused),
    });
  };
}
