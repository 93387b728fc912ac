import { useTranslation } from "react-i18next";
import type { LanguageModel } from "@/api/language-model";
import { AnchorLink } from "@/components/links";
import classes from "./model.module.css";

interface AlwaysInPromptProps {
  assistantId: string;
  flows: LanguageModel["always"];
}

/** Flows that every prompt shows; the switch is in the details of each. */
export function AlwaysInPrompt({ assistantId, flows }: AlwaysInPromptProps) {
  const { t } = useTranslation("model");
  return (
    <section>
      <h2 className={classes["label"]} id="model-always">
        {t("always.title")}
      </h2>
      {flows.length === 0 ? (
        <p className={classes["quiet"]}>{t("always.none")}</p>
      ) : (
        <ul className={classes["flows"]} aria-labelledby="model-always">
          {flows.map(({ flow, flow_name }) => (
            <li key={flow}>
              <AnchorLink
                to="/assistants/$assistantId/flows/$flowId"
                params={{ assistantId, flowId: flow }}
                underline="always"
              >
                {flow_name}
              </AnchorLink>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
