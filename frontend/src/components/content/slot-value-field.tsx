import { SegmentedControl, Select, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./fields.module.css";
import type { ReadValue, SlotDefinition } from "./slot-values";

interface SlotValueFieldProps {
  label: string;
  slot: SlotDefinition;
  draft: string;
  onChange: (draft: string) => void;
  /** What is wrong with the draft, shown below it. */
  error?: string | null;
}

/** The field that fits the type of a slot; every kind of value is a text while it is edited. */
export function SlotValueField({ label, slot, draft, onChange, error }: SlotValueFieldProps) {
  const { t } = useTranslation(["inspector", "canvas"]);
  if (slot.type === "bool") {
    return (
      <SegmentedControl
        aria-label={label}
        value={draft}
        onChange={onChange}
        data={[
          { value: "true", label: t("canvas:yes") },
          { value: "false", label: t("canvas:no") },
        ]}
      />
    );
  }
  if (slot.type === "choice") {
    return (
      <Select
        aria-label={label}
        data={slot.values.map(String)}
        value={draft || null}
        allowDeselect={false}
        error={error}
        onChange={(chosen) => onChange(chosen ?? "")}
        data-autofocus
      />
    );
  }
  if (slot.type === "any" || slot.type === "list") {
    return (
      <Textarea
        aria-label={label}
        classNames={{ input: classes["mono"] }}
        description={t("slots.json")}
        value={draft}
        error={error}
        onChange={(event) => onChange(event.currentTarget.value)}
        data-autofocus
      />
    );
  }
  return (
    <TextInput
      aria-label={label}
      {...(slot.type === "float" ? { inputMode: "decimal" as const } : {})}
      value={draft}
      error={error}
      onChange={(event) => onChange(event.currentTarget.value)}
      data-autofocus
    />
  );
}

/** What is wrong with a draft, in words; null for a good one. */
export function useProblemWords(): (read: ReadValue) => string | null {
  const { t } = useTranslation("inspector");
  return (read) => {
    if (!("problem" in read)) return null;
    const { problem, detail = "" } = read;
    return t(`slots.${problem}`, { problem: detail, number: detail });
  };
}
