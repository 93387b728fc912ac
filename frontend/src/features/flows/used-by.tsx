import { Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FlowItem, FlowReference } from "@/api/types";
import { MenuItemLink } from "@/components/links";
import { START_CARD } from "@/flow-core/graph";
import classes from "./flows-page.module.css";

/** Which steps lead here, as pills that open the list of those steps. */
export function UsedBy({ assistantId, flow }: { assistantId: string; flow: FlowItem }) {
  const { t } = useTranslation("flows");
  if (flow.linked_from.length + flow.called_from.length === 0) {
    return <span className={classes["quiet"]}>{t("notLinked")}</span>;
  }
  return (
    <span className={classes["used"]}>
      <References
        assistantId={assistantId}
        references={flow.linked_from}
        label={t("linksIn", { count: flow.linked_from.length })}
      />
      <References
        assistantId={assistantId}
        references={flow.called_from}
        label={t("calledBy", { count: flow.called_from.length })}
      />
    </span>
  );
}

interface ReferencesProps {
  assistantId: string;
  references: readonly FlowReference[];
  label: string;
}

function References({ assistantId, references, label }: ReferencesProps) {
  if (references.length === 0) return null;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className={classes["pill"]}>
          {label}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {references.map(({ flow, flow_name: name, step }) => (
          <MenuItemLink
            key={`${flow} ${step}`}
            to="/assistants/$assistantId/flows/$flowId"
            params={{ assistantId, flowId: flow }}
            search={{ step: step ?? START_CARD }}
          >
            {name}
          </MenuItemLink>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
