import { Button, Group, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface DiscardDialogProps {
  source: string;
  busy: boolean;
  onDiscard: () => void;
  onClose: () => void;
}

/** A deleted branch does not come back, so it is asked about. */
export function DiscardDialog({ source, busy, onDiscard, onClose }: DiscardDialogProps) {
  const { t } = useTranslation(["merge", "common"]);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("discardTitle", { source })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <p>{t("discardText")}</p>
      <Group justify="flex-end" gap={8} mt={16}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("common:cancel")}
        </Button>
        <Button color="red" loading={busy} onClick={onDiscard}>
          {t("discard", { source })}
        </Button>
      </Group>
    </Modal>
  );
}
