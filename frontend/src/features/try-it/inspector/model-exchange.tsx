import { IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { isObject, type JsonObject } from "@/flow-core/json";
import { useInspection } from "./inspection";
import classes from "./inspector.module.css";
import { RawText } from "./raw-text";

/** What a language model was asked and what it answered, folded; nothing where none was. */
export function ModelExchange({ parsed }: { parsed: JsonObject }) {
  const { t } = useTranslation("inspector");
  const { flowName } = useInspection();
  const texts = (["prompt", "answer"] as const).flatMap((part) => {
    const text = parsed[part];
    return typeof text === "string" && text ? [{ part, text }] : [];
  });
  if (texts.length === 0) return null;
  const usage = isObject(parsed["usage"]) ? parsed["usage"] : {};
  const shown = parsed["flows_in_prompt"];
  const flows = Array.isArray(shown) ? shown.map(String) : [];
  const { prompt_tokens: prompt, completion_tokens: completion } = usage;
  const counted = typeof prompt === "number" && typeof completion === "number";
  return (
    <details className={classes["fold"]}>
      <summary>
        {t("understood.model")}
        {counted ? `, ${t("understood.tokens", { prompt, completion })}` : null}
      </summary>
      {flows.length > 0 ? (
        <p>
          {t("understood.shown")}: {flows.map(flowName).join(", ")}
        </p>
      ) : null}
      {texts.map(({ part, text }) => (
        <section key={part} className={classes["exchange"]}>
          <div>
            <h5>{t(`understood.${part}`)}</h5>
            <IconButton
              size={28}
              label={t("understood.copyText")}
              onClick={() =>
                void navigator.clipboard.writeText(text).then(() => toast.done(t("copied")))
              }
            >
              <IconCopy size={16} stroke={1.75} />
            </IconButton>
          </div>
          <RawText>{text}</RawText>
        </section>
      ))}
    </details>
  );
}
