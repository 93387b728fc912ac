import { Button, Radio, TagsInput } from "@mantine/core";
import { IconVariable } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "@/components/feedback/toast";
import { StateBadge } from "@/components/state-badge";
import { ChoiceField } from "./choice-field";
import { useContent } from "./content-context";
import { FieldProblems } from "./fields";
import classes from "./fields.module.css";
import { useCreate } from "./use-create";
import { useDraftProblems, useSlotProblems } from "./use-draft-problems";

export const SLOT_TYPES = ["text", "bool", "float", "categorical", "any"] as const;
type SlotType = (typeof SLOT_TYPES)[number];

export function useTypeName() {
  const { t } = useTranslation("content");
  return (type: string) => {
    const known = [...SLOT_TYPES, "list" as const].find((each) => each === type);
    return known ? t(`slotTypes.${known}`) : type;
  };
}

/** A name as the runtime accepts it: letters, digits and underscores. */
export function asIdentifier(name: string): string {
  return name
    .trim()
    .replace(/[^A-Za-z0-9_]+/g, "_")
    .replace(/^(\d)/, "_$1");
}

interface SlotFieldProps {
  label: string;
  value: string;
  onChange: (slot: string) => void;
  error?: ReactNode;
  labelHidden?: boolean;
}

/** Chooses a slot; a name that does not exist yet can be made into one right here. */
export function SlotField({ label, value, onChange, error, labelHidden }: SlotFieldProps) {
  const { t } = useTranslation("content");
  const { assistantId, sources } = useContent();
  const problems = useSlotProblems(assistantId, value);
  const typeName = useTypeName();
  const [making, setMaking] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const slot = sources.slots.get(value);
  return (
    <>
      <ChoiceField
        ref={input}
        label={label}
        labelHidden={labelHidden ?? false}
        value={value}
        choices={[...sources.slots.values()].map((each) => ({
          value: each.id,
          label: each.id,
          hint: typeName(each.type),
        }))}
        onChange={onChange}
        onCreate={(name) => setMaking(asIdentifier(name))}
        createLabel={(name) => t("createSlot", { name: asIdentifier(name) })}
        icon={labelHidden ? null : <IconVariable size={16} stroke={1.75} />}
        {...(slot && !labelHidden
          ? { badge: <StateBadge tone="neutral">{typeName(slot.type)}</StateBadge> }
          : {})}
        placeholder={t("chooseSlot")}
        error={error}
      />
      <FieldProblems problems={problems} />
      {making ? (
        <NewSlot
          name={making}
          onDone={(name) => {
            // Its form goes; whoever is told may lead the focus on from here.
            input.current?.focus();
            setMaking(null);
            if (name) onChange(name);
          }}
        />
      ) : null}
    </>
  );
}

/** Makes a slot of this name, where it is needed. */
export function NewSlot({ name, onDone }: { name: string; onDone: (name: string | null) => void }) {
  const { t } = useTranslation(["content", "common"]);
  const { assistantId } = useContent();
  const make = useCreate(assistantId);
  const typeName = useTypeName();
  const [type, setType] = useState<SlotType>("text");
  const [values, setValues] = useState<string[]>([]);
  const body = type === "categorical" ? { type, values } : { type };
  const problems = useDraftProblems(assistantId, "slot", name, body);
  const create = useMutation({
    mutationFn: () => make("slots", name, body),
    onSuccess: () => onDone(name),
    onError: toast.refused,
  });
  const complete = type !== "categorical" || values.length > 0;
  const wrong = problems.some(({ severity }) => severity === "error");
  // Enter takes the type that is chosen, and the values once nothing more is typed.
  const onEnter = (event: KeyboardEvent) => {
    const field = event.target;
    const typing =
      field instanceof HTMLInputElement && field.type !== "radio" && field.value.trim() !== "";
    if (event.key !== "Enter" || typing || !complete || create.isPending) return;
    event.preventDefault();
    event.stopPropagation();
    create.mutate();
  };
  return (
    <div className={classes["card"]}>
      <b>{t("newSlot", { name })}</b>
      <Radio.Group
        label={t("slotType")}
        value={type}
        onChange={(chosen) => setType(chosen as SlotType)}
        onKeyDownCapture={onEnter}
      >
        <div className={classes["types"]}>
          {SLOT_TYPES.map((each) => (
            <Radio
              key={each}
              size="xs"
              value={each}
              label={typeName(each)}
              autoFocus={each === "text"}
            />
          ))}
        </div>
      </Radio.Group>
      {type === "categorical" ? (
        <TagsInput
          label={t("slotValues")}
          description={t("slotValuesHint")}
          value={values}
          onChange={setValues}
          onKeyDownCapture={onEnter}
          autoFocus
        />
      ) : null}
      <FieldProblems problems={problems} />
      <div className={classes["row"]}>
        <Button
          size="xs"
          loading={create.isPending}
          disabled={wrong}
          onClick={() => create.mutate()}
        >
          {t("create")}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={() => onDone(null)}>
          {t("common:cancel")}
        </Button>
      </div>
    </div>
  );
}
