import { Checkbox, NumberInput, Select, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/icon-button";
import { setFields } from "@/flow-core/edit";
import type { Json } from "@/flow-core/json";
import { slotAssignments } from "@/flow-core/model";
import { useBuilder } from "../builder-context";
import { AddRow } from "./add-row";
import classes from "./fields.module.css";
import { SlotField } from "./slot-field";
import type { StepPanelProps } from "./step-panels";

interface Assignment {
  slot: string;
  value: Json;
}

/** Rows "slot becomes value", each of which can clear the slot instead. */
export function SetSlotsPanel({ step }: StepPanelProps) {
  const { t } = useTranslation("builder");
  const { edit, readOnly } = useBuilder();
  const rows = slotAssignments(step);
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
                onChange={(slot) => replace(index, { slot, value: null })}
              />
            </div>
            {readOnly ? null : (
              <IconButton
                size={28}
                label={t("setSlots.remove", { slot: row.slot })}
                onClick={() => save(rows.toSpliced(index, 1))}
              >
                <IconTrash size={16} stroke={1.75} />
              </IconButton>
            )}
          </div>
          <Checkbox
            label={t("setSlots.clear")}
            checked={row.value === null}
            disabled={readOnly}
            onChange={(event) =>
              replace(index, { ...row, value: event.currentTarget.checked ? null : "" })
            }
          />
          {row.value === null ? null : (
            <AssignedValue
              row={row}
              onChange={(value) => replace(index, { ...row, value }, `value ${index}`)}
            />
          )}
        </div>
      ))}
      <AddRow
        label={t("setSlots.add")}
        onClick={() => save([...rows, { slot: "", value: null }])}
      />
    </>
  );
}

function AssignedValue({ row, onChange }: { row: Assignment; onChange: (value: Json) => void }) {
  const { t } = useTranslation(["builder", "canvas"]);
  const { readOnly, sources } = useBuilder();
  const slot = sources.slots.get(row.slot);
  const label = t("setSlots.value");
  if (slot?.type === "bool") {
    const data = [
      { value: "true", label: t("canvas:yes") },
      { value: "false", label: t("canvas:no") },
    ];
    return (
      <Select
        label={label}
        disabled={readOnly}
        data={data}
        value={String(row.value)}
        onChange={(chosen) => onChange(chosen === "true")}
      />
    );
  }
  if (slot?.type === "float") {
    return (
      <NumberInput
        label={label}
        hideControls
        readOnly={readOnly}
        value={typeof row.value === "number" ? row.value : ""}
        onChange={(number) => onChange(typeof number === "number" ? number : Number(number) || 0)}
      />
    );
  }
  if (slot?.values?.length) {
    return (
      <Select
        label={label}
        disabled={readOnly}
        data={slot.values.map(String)}
        value={String(row.value) || null}
        onChange={(chosen) => onChange(chosen ?? "")}
      />
    );
  }
  const text = typeof row.value === "string" ? row.value : JSON.stringify(row.value);
  return (
    <TextInput
      label={label}
      readOnly={readOnly}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
