import { Autocomplete, Select } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { AddRow } from "@/components/content/add-row";
import classes from "@/components/content/fields.module.css";
import { SlotField } from "@/components/content/slot-field";
import { IconButton } from "@/components/icon-button";
import { setFields } from "@/flow-core/edit";
import type { Json } from "@/flow-core/json";
import { slotAssignments } from "@/flow-core/model";
import { useBuilder } from "../builder-context";
import type { StepPanelProps } from "./step-panels";

interface Assignment {
  slot: string;
  value: Json;
}

const OPEN_ROW: Assignment = { slot: "", value: "" };

/** Rows "slot to value", of which one is open from the start; to empty the slot is one of its values. */
export function SetSlotsPanel({ step }: StepPanelProps) {
  const { t } = useTranslation("builder");
  const { edit, readOnly } = useBuilder();
  const stored = slotAssignments(step);
  const rows = stored.length > 0 || readOnly ? stored : [OPEN_ROW];
  // The row whose slot was just chosen: its value is written next.
  const [chosen, setChosen] = useState<number | null>(null);
  const save = (next: readonly Assignment[], field?: string) =>
    edit(
      (document) =>
        setFields(document, step.key, {
          set_slots: next.map(({ slot, value }) => ({ [slot]: value })),
        }),
      field && `${step.key} ${field}`,
    );
  const replace = (index: number, row: Assignment, field?: string) =>
    save(
      rows.map((each, place) => (place === index ? row : each)),
      field,
    );
  return (
    <>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one slot may be set twice; rows have no identity but their place
        <div key={index} className={classes["card"]}>
          <div className={classes["row"]}>
            <div className={classes["grow"]}>
              <SlotField
                label={t("setSlots.slot")}
                labelHidden
                value={row.slot}
                onChange={(slot) => {
                  setChosen(index);
                  replace(index, { slot, value: "" });
                }}
              />
            </div>
            {readOnly || stored.length === 0 ? null : (
              <IconButton
                size={28}
                label={
                  row.slot ? t("setSlots.remove", { slot: row.slot }) : t("setSlots.removeOpen")
                }
                onClick={() => save(rows.toSpliced(index, 1))}
              >
                <IconTrash size={16} stroke={1.75} />
              </IconButton>
            )}
          </div>
          <div className={classes["row"]}>
            <span aria-hidden="true">{t("setSlots.to")}</span>
            <div className={classes["grow"]}>
              <AssignedValue
                key={row.slot}
                row={row}
                autoFocus={chosen === index && row.slot !== ""}
                onChange={(value) => replace(index, { ...row, value }, `value ${index}`)}
              />
            </div>
          </div>
        </div>
      ))}
      {rows.some(({ slot }) => slot === "") ? null : (
        <AddRow label={t("setSlots.add")} onClick={() => save([...rows, OPEN_ROW])} />
      )}
    </>
  );
}

interface AssignedValueProps {
  row: Assignment;
  autoFocus: boolean;
  onChange: (value: Json) => void;
}

const EMPTY = "\u0000empty";

/** What the slot becomes: among its values where these are known, else anything typed; or nothing. */
function AssignedValue({ row, autoFocus, onChange }: AssignedValueProps) {
  const { t } = useTranslation(["builder", "canvas"]);
  const { readOnly, sources } = useBuilder();
  const slot = sources.slots.get(row.slot);
  const empty = t("setSlots.empty");
  const shared = { "aria-label": t("setSlots.value"), autoFocus };
  const known =
    slot?.type === "bool"
      ? [
          { value: "true", label: t("canvas:yes") },
          { value: "false", label: t("canvas:no") },
        ]
      : slot?.values?.map((value) => ({ value: String(value), label: String(value) }));
  if (known && known.length > 0) {
    const read = (chosen: string): Json =>
      chosen === EMPTY ? null : slot?.type === "bool" ? chosen === "true" : chosen;
    return (
      <Select
        {...shared}
        disabled={readOnly}
        placeholder={t("setSlots.choose")}
        data={[...known, { value: EMPTY, label: empty }]}
        value={row.value === null ? EMPTY : String(row.value) || null}
        allowDeselect={false}
        onChange={(chosen) => onChange(read(chosen ?? EMPTY))}
      />
    );
  }
  const isNumber = slot?.type === "float";
  return (
    <Autocomplete
      {...shared}
      readOnly={readOnly || row.slot === ""}
      data={[empty]}
      value={row.value === null ? empty : asText(row.value)}
      onFocus={(event) => event.currentTarget.select()}
      onChange={(text) => {
        if (text === empty) onChange(null);
        else onChange(isNumber ? asNumber(text) : text);
      }}
    />
  );
}

function asText(value: Json): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A number once what is typed is one, written as numbers are; until then the text. */
function asNumber(text: string): Json {
  const number = Number(text);
  return text.trim() !== "" && String(number) === text ? number : text;
}
