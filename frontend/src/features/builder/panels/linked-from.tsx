import { useTranslation } from "react-i18next";
import { FieldGroup } from "@/components/content/fields";
import classes from "@/components/content/fields.module.css";
import { AnchorLink } from "@/components/links";
import { START_CARD } from "@/flow-core/graph";
import { useBuilder } from "../builder-context";

/** The flows that lead here, one click away. */
export function LinkedFrom() {
  const { t } = useTranslation("builder");
  const { sources, flowId, assistantId } = useBuilder();
  const flow = sources.flows.find((each) => each.id === flowId);
  const places = [...(flow?.linked_from ?? []), ...(flow?.called_from ?? [])];
  if (places.length === 0) return null;
  return (
    <FieldGroup title={t("start.linkedFrom")}>
      {places.map((place) => (
        <AnchorLink
          key={`${place.flow} ${place.step}`}
          className={classes["link"]}
          to="/assistants/$assistantId/flows/$flowId"
          params={{ assistantId, flowId: place.flow }}
          search={{ step: place.step ?? START_CARD }}
        >
          {place.flow_name}
        </AnchorLink>
      ))}
    </FieldGroup>
  );
}
