import { Button, Group, Modal } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FlowItem } from "@/api/types";
import { AnchorLink } from "@/components/links";
import { START_CARD } from "@/flow-core/graph";
import classes from "./flows-page.module.css";

interface DeleteDialogProps {
  assistantId: string;
  flows: readonly FlowItem[];
  onClose: () => void;
  onDelete: () => void;
}

/** Asked only where other flows lead to what is to go: those steps are named first. */
export function DeleteDialog({ assistantId, flows, onClose, onDelete }: DeleteDialogProps) {
  const { t } = useTranslation(["flows", "common"]);
  const leading = flows.flatMap((flow) =>
    [...flow.linked_from, ...flow.called_from].map((reference) => ({
      ...reference,
      to: flow.name,
    })),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("deleteLinked.title", { count: flows.length, name: flows[0]?.name })}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      <p>{t("deleteLinked.sentence")}</p>
      <ul className={classes["links"]}>
        {leading.map((reference) => (
          <li key={`${reference.flow} ${reference.step} ${reference.to}`}>
            <AnchorLink
              to="/assistants/$assistantId/flows/$flowId"
              params={{ assistantId, flowId: reference.flow }}
              search={{ step: reference.step ?? START_CARD }}
            >
              {t("deleteLinked.link", { from: reference.flow_name, to: reference.to })}
            </AnchorLink>
          </li>
        ))}
      </ul>
      <Group justify="flex-end" gap={8} mt={20}>
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("common:cancel")}
        </Button>
        <Button color="red" onClick={onDelete}>
          {t("deleteLinked.delete", { count: flows.length })}
        </Button>
      </Group>
    </Modal>
  );
}
