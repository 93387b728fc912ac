import { IconMessage, IconRoute } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { TranslationRow } from "@/api/translations";
import { useResponseName } from "@/components/content/use-response-name";
import { AnchorLink } from "@/components/links";
import classes from "./item-head.module.css";

interface ItemHeadProps {
  assistantId: string;
  row: TranslationRow;
}

/** The name of an item over its texts, and where they are said. */
export function ItemHead({ assistantId, row }: ItemHeadProps) {
  const { t } = useTranslation("translations");
  const nameOf = useResponseName();
  const isFlow = row.kind === "flow";
  const Sign = isFlow ? IconRoute : IconMessage;
  const params = { assistantId };
  return (
    <div className={classes["head"]}>
      <span className={classes["name"]}>
        <Sign size={16} stroke={1.75} aria-hidden="true" />
        {isFlow ? (
          <AnchorLink
            to="/assistants/$assistantId/flows/$flowId"
            params={{ ...params, flowId: row.item }}
          >
            {row.reference}
          </AnchorLink>
        ) : (
          <AnchorLink
            to="/assistants/$assistantId/responses"
            params={params}
            search={{ response: row.item }}
          >
            {nameOf(row.item)}
          </AnchorLink>
        )}
        <code>{isFlow ? t("flowName") : row.item}</code>
      </span>
      <span className={classes["said"]}>
        {isFlow ? t("whereFlowName") : row.flows.map(({ name }) => name).join(", ")}
      </span>
    </div>
  );
}
