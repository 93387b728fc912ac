import { NumberInput, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useContent } from "@/components/content/content-context";
import { FieldProblems } from "@/components/content/fields";
import { SLOT_TYPES, useTypeName } from "@/components/content/slot-field";
import type { Json, JsonObject } from "@/flow-core/json";
import { withKey } from "@/flow-core/response";
import { type SlotFields, textOf } from "./slot-fields";
import classes from "./slots.module.css";

/** Which values the slot may have, and the one it begins with. */
export function TypeFields({ body, onChange, problems }: SlotFields) {
  const { t } = useTranslation("slots");
  const { readOnly } = useContent();
  const typeName = useTypeName();
  const type = textOf(body["type"]);
  const types: string[] = [...SLOT_TYPES, "list"];
  const set = (key: string, value: Json | undefined) => onChange(withKey(body, key, value));
  return (
    <>
      <div className={classes["two"]}>
        <div>
          <Select
            label={t("type")}
            value={type}
            allowDeselect={false}
            disabled={readOnly}
            data={(types.includes(type) ? types : [type, ...types]).map((value) => ({
              value,
              label: typeName(value),
            }))}
            onChange={(value) => value && onChange(withType(body, value))}
          />
          <FieldProblems problems={problems("/type")} />
        </div>
        <div>
          <InitialValue {...{ body, onChange, problems }} />
          <FieldProblems problems={problems("/initial_value")} />
        </div>
      </div>
      {type === "float" ? (
        <div className={classes["two"]}>
          {(["min_value", "max_value"] as const).map((key) => (
            <div key={key}>
              <NumberInput
                label={t(key)}
                value={typeof body[key] === "number" ? body[key] : ""}
                readOnly={readOnly}
                onChange={(value) => set(key, value === "" ? undefined : Number(value))}
              />
              <FieldProblems problems={problems(`/${key}`)} />
            </div>
          ))}
        </div>
      ) : null}
    </>
  );
}

/** Another type keeps what fits: a first value that cannot be one of it goes. */
function withType(body: SlotFields["body"], type: string): SlotFields["body"] {
  const next: JsonObject = { ...body, type };
  if (type === "categorical" && !Array.isArray(body["values"])) next["values"] = [];
  const initial = body["initial_value"];
  const fits =
    type === "any" ||
    (type === "text" && typeof initial === "string") ||
    (type === "bool" && typeof initial === "boolean") ||
    (type === "float" && typeof initial === "number");
  return fits ? next : withKey(next, "initial_value", undefined);
}

function InitialValue({ body, onChange }: SlotFields) {
  const { t } = useTranslation("slots");
  const { readOnly } = useContent();
  const value = body["initial_value"];
  const set = (next: Json | undefined) => onChange(withKey(body, "initial_value", next));
  const shared = { label: t("startsAs"), placeholder: t("nothing"), readOnly };
  switch (body["type"]) {
    case "bool":
      return (
        <Select
          {...shared}
          clearable={!readOnly}
          value={typeof value === "boolean" ? String(value) : null}
          data={[
            { value: "true", label: t("yes") },
            { value: "false", label: t("no") },
          ]}
          onChange={(next) => set(next === null ? undefined : next === "true")}
        />
      );
    case "float":
      return (
        <NumberInput
          {...shared}
          value={typeof value === "number" ? value : ""}
          onChange={(next) => set(next === "" ? undefined : Number(next))}
        />
      );
    case "categorical":
      return (
        <Select
          {...shared}
          clearable={!readOnly}
          value={value === undefined || value === null ? null : String(value)}
          data={[...new Set((Array.isArray(body["values"]) ? body["values"] : []).map(String))]}
          onChange={(next) => set(next ?? undefined)}
        />
      );
    default:
      return (
        <TextInput
          {...shared}
          value={
            typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value)
          }
          readOnly={readOnly || (value !== undefined && typeof value !== "string")}
          onChange={(event) => set(event.currentTarget.value || undefined)}
        />
      );
  }
}
