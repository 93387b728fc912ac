import { Button, Select, TagsInput } from "@mantine/core";
import { IconVariable } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { content, contentKey } from "@/api/content";
import { toast } from "@/components/feedback/toast";
import { StateBadge } from "@/components/state-badge";
import { useBuilder } from "../builder-context";
import { useDraftProblems, useSlotProblems } from "../use-content-problems";
import { ChoiceField } from "./choice-field";
import { FieldProblems } from "./fields";
import classes from "./fields.module.css";

const SLOT_TYPES = ["text", "bool", "float", "categorical", "any"] as const;
type SlotType = (typeof SLOT_TYPES)[number];

export function useTypeName() {
  const { t } = useTranslation("builder");
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
  const { t } = useTranslation("builder");
  const { assistantId, sources } = useBuilder();
  const problems = useSlotProblems(assistantId, value);
  const typeName = useTypeName();
  const [making, setMaking] = useState<string | null>(null);
  const slot = sources.slots.get(value);
  return (
    <>
      <ChoiceField
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
            setMaking(null);
            if (name) onChange(name);
          }}
        />
      ) : null}
    </>
  );
}

function NewSlot({ name, onDone }: { name: string; onDone: (name: string | null) => void }) {
  const { t } = useTranslation(["builder", "common"]);
  const { assistantId } = useBuilder();
  const client = useQueryClient();
  const typeName = useTypeName();
  const [type, setType] = useState<SlotType>("text");
  const [values, setValues] = useState<string[]>([]);
  const body = type === "categorical" ? { type, values } : { type };
  const problems = useDraftProblems(assistantId, "slot", name, body);
  const create = useMutation({
    mutationFn: () => content.create(assistantId, "slots", name, body),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: contentKey(assistantId, "slots") });
      onDone(name);
    },
    onError: (error) => toast.failed(error.message),
  });
  return (
    <div className={classes["card"]}>
      <b>{t("newSlot", { name })}</b>
      <Select
        label={t("slotType")}
        data={SLOT_TYPES.map((each) => ({ value: each, label: typeName(each) }))}
        value={type}
        allowDeselect={false}
        onChange={(chosen) => setType((chosen as SlotType | null) ?? "text")}
        data-autofocus
      />
      {type === "categorical" ? (
        <TagsInput
          label={t("slotValues")}
          description={t("slotValuesHint")}
          value={values}
          onChange={setValues}
        />
      ) : null}
      <FieldProblems problems={problems} />
      <div className={classes["row"]}>
        <Button
          size="xs"
          loading={create.isPending}
          disabled={problems.some(({ severity }) => severity === "error")}
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
