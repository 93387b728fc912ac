import { useTranslation } from "react-i18next";
import type { LanguageModel } from "@/api/language-model";
import { AnchorLink } from "@/components/links";
import classes from "./model.module.css";

const PROMPT_OF = {
  command_generator: "command_generator",
  rephraser: "contextual_response_rephraser",
  search: "enterprise_search",
} as const;

interface ModelUsesProps {
  assistantId: string;
  uses: LanguageModel["uses"];
}

/** Who asks a language model: the command generator, the rephraser, the search in documents. */
export function ModelUses({ assistantId, uses }: ModelUsesProps) {
  const { t } = useTranslation("model");
  return (
    <section>
      <h2 className={classes["label"]} id="model-uses">
        {t("uses.title")}
      </h2>
      <ul className={classes["uses"]} aria-labelledby="model-uses">
        {uses.map(({ role, on, same, model }) => (
          <li key={role}>
            <span>
              {t(`uses.${role}`)}
              <small>{t(`uses.what.${role}`)}</small>
            </span>
            <span className={classes["quiet"]}>
              {!on ? t("uses.off") : same ? t("uses.same") : model}
            </span>
            <AnchorLink
              to="/assistants/$assistantId/settings/prompts"
              params={{ assistantId }}
              search={{ prompt: PROMPT_OF[role] }}
              aria-label={t("uses.promptOf", { role: t(`uses.what.${role}`) })}
              underline="always"
            >
              {t("uses.prompt")}
            </AnchorLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
