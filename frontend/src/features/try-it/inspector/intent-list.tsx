import { IconMessage2, IconTag } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { isObject, type JsonObject } from "@/flow-core/json";
import { Line } from "./command-list";
import { useInspection } from "./inspection";
import classes from "./inspector.module.css";

/** Of an assistant of stories and rules: it has intents, and no commands. */
export function isClassic(parsed: JsonObject): boolean {
  return !("commands" in parsed) && typeof parsed["generator"] !== "string";
}

/** The intent of a message and its entities, as Rasa Open Source understood them. */
export function IntentList({ parsed }: { parsed: JsonObject }) {
  const { t } = useTranslation("inspector");
  const { say } = useInspection();
  const { intent, entities } = parsed;
  if (!isObject(intent) || typeof intent["name"] !== "string") {
    return <p>{t("understood.nothing")}</p>;
  }
  const percent = typeof intent["confidence"] === "number" ? intent["confidence"] * 100 : 0;
  const found = Array.isArray(entities) ? entities.filter(isObject) : [];
  return (
    <ul className={classes["commands"]}>
      <li>
        <Line icon={<IconMessage2 size={16} stroke={1.75} />}>
          {t("understood.intent")} <code>{intent["name"]}</code>,{" "}
          {t("understood.sure", { percent: percent.toFixed(0) })}
        </Line>
      </li>
      {found.map(({ entity, value, start }) => (
        <li key={`${String(entity)} ${String(start)}`}>
          <Line icon={<IconTag size={16} stroke={1.75} />}>
            {t("understood.entity")} <code>{String(entity)}</code> {t("commands.to")}{" "}
            <b>{say(value ?? null)}</b>
          </Line>
        </li>
      ))}
    </ul>
  );
}
