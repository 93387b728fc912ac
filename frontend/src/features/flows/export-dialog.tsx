import { Button, Checkbox, Group, Modal } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FlowItem } from "@/api/types";

interface ExportDialogProps {
  flows: readonly FlowItem[];
  onClose: () => void;
  onExport: (linked: boolean) => void;
}

/** Some flows as a zip that another assistant can import. */
export function ExportDialog({ flows, onClose, onExport }: ExportDialogProps) {
  const { t } = useTranslation(["flows", "common"]);
  const [linked, setLinked] = useState(true);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onExport(linked);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("export.title", { count: flows.length, name: flows[0]?.name })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <form onSubmit={submit}>
        <p>{t("export.sentence")}</p>
        <Checkbox
          mt={16}
          label={t("export.linked")}
          checked={linked}
          onChange={(event) => setLinked(event.currentTarget.checked)}
        />
        <Group justify="flex-end" gap={8} mt={20}>
          <Button variant="default" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button type="submit" data-autofocus>
            {t("export.submit")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
