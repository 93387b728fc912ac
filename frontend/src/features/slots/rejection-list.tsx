import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ConditionEditor } from "@/components/content/condition-editor";
import { useContent } from "@/components/content/content-context";
import { FieldProblems } from "@/components/content/fields";
import { ResponseField } from "@/components/content/response-field";
import { IconButton } from "@/components/icon-button";
import { isObject, type JsonObject } from "@/flow-core/json";
import { withKey } from "@/flow-core/response";
import { objectsOf, type SlotFields, textOf } from "./slot-fields";
import classes from "./slots.module.css";

/** Values that are refused wherever the slot is set, each with what is said then. */
export function RejectionList({ slot, body, onChange, problems }: SlotFields & { slot: string }) {
  const { t } = useTranslation("slots");
  const { readOnly } = useContent();
  const validation = isObject(body["validation"]) ? body["validation"] : {};
  const rejections = objectsOf(validation["rejections"]);
  const set = (next: JsonObject[]) =>
    onChange(
      withKey(
        body,
        "validation",
        next.length > 0 ? { ...validation, rejections: next } : undefined,
      ),
    );
  return (
    <section className={classes["section"]} aria-label={t("notAccepted")}>
      <div className={classes["sectionHead"]}>
        <h3>{t("notAccepted")}</h3>
        <small />
        {readOnly ? null : (
          <Button
            variant="subtle"
            size="xs"
            onClick={() => set([...rejections, { if: "", utter: "" }])}
          >
            {t("addCondition")}
          </Button>
        )}
      </div>
      {rejections.length === 0 ? <p className={classes["quiet"]}>{t("allAccepted")}</p> : null}
      <ul className={classes["list"]}>
        {rejections.map((rejection, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rejections have no identity but their place
          <li key={index} className={classes["card"]}>
            <div className={classes["cardHead"]}>
              <div className={classes["grow"]}>
                <ConditionEditor
                  value={textOf(rejection["if"])}
                  slot={slot}
                  onChange={(condition) =>
                    set(rejections.with(index, { ...rejection, if: condition }))
                  }
                />
              </div>
              {readOnly ? null : (
                <IconButton
                  size={28}
                  label={t("removeCondition", { number: index + 1 })}
                  onClick={() => set(rejections.toSpliced(index, 1))}
                >
                  <IconX size={16} stroke={1.75} />
                </IconButton>
              )}
            </div>
            <ResponseField
              label={t("thenSay")}
              value={textOf(rejection["utter"])}
              onChange={(utter) => set(rejections.with(index, { ...rejection, utter }))}
            />
            <FieldProblems problems={problems(`/validation/rejections/${index}`)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
