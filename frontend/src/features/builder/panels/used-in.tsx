import { useTranslation } from "react-i18next";
import { AnchorLink } from "@/components/links";
import { START_CARD } from "@/flow-core/graph";
import { useBuilder } from "../builder-context";
import classes from "./fields.module.css";

/** Every place that sets or reads the slot. */
export function UsedIn({ slot }: { slot: string }) {
  const { t } = useTranslation("builder");
  const { assistantId, sources } = useBuilder();
  const places = sources.slots.get(slot)?.used_in ?? [];
  const flowName = (id: string) => sources.flows.find((flow) => flow.id === id)?.name ?? id;
  if (places.length === 0) return <p className={classes["quiet"]}>{t("usedNowhere")}</p>;
  return (
    <ul>
      {places.map((place) => (
        <li key={`${place.flow} ${place.step}`}>
          <AnchorLink
            to="/assistants/$assistantId/flows/$flowId"
            params={{ assistantId, flowId: place.flow }}
            search={{ step: place.step ?? START_CARD }}
          >
            {flowName(place.flow)}
          </AnchorLink>{" "}
          <span className={classes["quiet"]}>{place.step}</span>
        </li>
      ))}
    </ul>
  );
}
