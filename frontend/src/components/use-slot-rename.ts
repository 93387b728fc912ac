import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { content, contentKey } from "@/api/content";
import type { Problem } from "@/api/types";
import { toast } from "@/components/feedback/toast";

/** The repair of a slot whose name Rasa keeps for itself. */
export const RENAME_SLOT = "rename_slot";

/** Gives a slot the name that a repair suggests; flows, messages and other slots follow. */
export function useSlotRename(assistantId: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const rename = async (old: string, name: string): Promise<void> => {
    try {
      const { left } = await content.renameSlot(assistantId, old, name);
      await client.invalidateQueries({ queryKey: contentKey(assistantId) });
      toast.done(
        left.length > 0
          ? t("slotRenamedBut", { name, left: left.join(", ") })
          : t("slotRenamed", { name }),
      );
    } catch (error) {
      toast.refused(error);
    }
  };
  return ({ fix }: Problem) => {
    if (fix) void rename(String(fix.arguments["id"]), String(fix.arguments["new"]));
  };
}
