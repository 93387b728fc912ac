import { Button, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ImportedItem } from "@/api/imports";
import { ChangeView } from "@/components/content/change-view";
import { useItemName } from "@/components/content/use-item-name";
import { useKindName } from "@/components/content/use-kind";
import { capitalised } from "@/lib/capitalised";
import classes from "./import.module.css";

interface ItemDialogProps {
  assistantId: string;
  item: ImportedItem;
  chosen: boolean;
  onTick: () => void;
  onClose: () => void;
}

/** Before and after of one item, side by side. */
export function ItemDialog({ assistantId, item, chosen, onTick, onClose }: ItemDialogProps) {
  const { t } = useTranslation(["import", "common"]);
  const nameOf = useItemName(assistantId);
  const kind = capitalised(useKindName()(item.kind));
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={`${kind} ${nameOf(item.kind, item.key)}`}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <ChangeView change={item} />
      <div className={classes["answer"]}>
        <Button variant="default" onClick={onClose}>
          {t("common:close")}
        </Button>
        <Button
          data-autofocus
          disabled={!item.allowed}
          onClick={() => {
            onTick();
            onClose();
          }}
        >
          {t(chosen ? "leave" : "take")}
        </Button>
      </div>
    </Modal>
  );
}
