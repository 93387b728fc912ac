import { Button, Group, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface LockOutDialogProps {
  loses: "entry" | "settings";
  onClose: () => void;
  onAnyway: () => void;
  /** Makes them a Developer of it first. */
  onStay?: (() => void) | undefined;
}

/** Asked before somebody takes the assistant, or the right to change this back, from themselves. */
export function LockOutDialog({ loses, onClose, onAnyway, onStay }: LockOutDialogProps) {
  const { t } = useTranslation(["settings", "common"]);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`lockOut.${loses}.title`)}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <p>{t(`lockOut.${loses}.sentence`)}</p>
      <Group justify="flex-end" gap={8} mt={20}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("common:cancel")}
        </Button>
        <Button variant={onStay ? "default" : "filled"} color="red" onClick={onAnyway}>
          {t("lockOut.anyway")}
        </Button>
        {onStay ? <Button onClick={onStay}>{t("lockOut.stay")}</Button> : null}
      </Group>
    </Modal>
  );
}
