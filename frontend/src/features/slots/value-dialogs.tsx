import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { contentKey } from "@/api/content";
import { renameValue, type ValueUse } from "@/api/slots";
import { useContent } from "@/components/content/content-context";
import { RenameDialog } from "@/components/content/rename-dialog";
import { toast } from "@/components/feedback/toast";
import { FormDialog } from "@/components/form-dialog";
import { ValueUses } from "./value-uses";

interface ValueDialogProps {
  value: string;
  uses: readonly ValueUse[];
  onClose: () => void;
}

interface RenameValueProps extends ValueDialogProps {
  slot: string;
  values: readonly string[];
  /** Sends what was typed before. */
  onBefore: () => Promise<void>;
}

/** Another name of a value that is used: every use follows. */
export function RenameValue({ slot, value, values, uses, onBefore, onClose }: RenameValueProps) {
  const { t } = useTranslation("slots");
  const { assistantId } = useContent();
  const client = useQueryClient();
  const refresh = () => client.invalidateQueries({ queryKey: contentKey(assistantId) });
  const rename = async (name: string) => {
    await onBefore();
    const { followed, left } = await renameValue(assistantId, slot, value, name);
    const undo = () => renameValue(assistantId, slot, name, value).then(refresh);
    toast.done(
      left.length > 0
        ? t("valueRenamedBut", { name, count: followed.length, left: left.join(", ") })
        : t("valueRenamed", { name, count: followed.length }),
      { undo: () => void undo().catch(toast.refused) },
    );
    await refresh();
  };
  return (
    <RenameDialog
      id={value}
      inWords
      hint={t("valueFollows", { count: uses.length })}
      problemOf={(name) => {
        const twin = values.find(
          (other) => other !== value && other.toLowerCase() === name.toLowerCase(),
        );
        return twin === undefined ? null : t("valueTaken", { name: twin });
      }}
      onRename={rename}
      onClose={onClose}
    >
      <ValueUses uses={uses} />
    </RenameDialog>
  );
}

/** What a value that goes leaves behind. */
export function RemoveValue({
  value,
  uses,
  onRemove,
  onClose,
}: ValueDialogProps & { onRemove: () => void }) {
  const { t } = useTranslation("slots");
  return (
    <FormDialog
      title={t("removeValueTitle", { value })}
      submit={t("removeValueAnyway")}
      dangerous
      onSubmit={() => {
        onRemove();
        onClose();
      }}
      onClose={onClose}
    >
      <p>{t("removeValueUsed", { count: uses.length })}</p>
      <ValueUses uses={uses} />
    </FormDialog>
  );
}
