import { NumberInput, SegmentedControl, Select, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/icon-button";
import {
  type Clause,
  type Condition,
  formatCondition,
  needsValue,
  type Operator,
  operatorsOf,
  parseCondition,
} from "@/flow-core/condition";
import classes from "./condition-editor.module.css";
import { useContent } from "./content-context";
import { TextField } from "./fields";
import { SlotField } from "./slot-field";

interface ConditionEditorProps {
  value: string;
  onChange: (value: string) => void;
  /** The slot a new comparison starts with. */
  slot?: string;
}

const EMPTY: Condition = { joiner: "and", clauses: [] };

/** A condition as comparisons of slots; what is more than that is edited as text. */
export function ConditionEditor({ value, onChange, slot = "" }: ConditionEditorProps) {
  const { t } = useTranslation("content");
  const { readOnly } = useContent();
  const parsed = value.trim() === "" ? EMPTY : parseCondition(value);
  const [asText, setAsText] = useState(parsed === null);
  const [draft, setDraft] = useState<Condition | null>(null);
  const condition = draft ?? parsed ?? EMPTY;
  const change = (next: Condition) => {
    const complete = next.clauses.length > 0 && next.clauses.every((clause) => clause.name !== "");
    setDraft(complete ? null : next);
    if (complete || next.clauses.length === 0)
      onChange(next.clauses.length === 0 ? "" : formatCondition(next));
  };
  const toggle = (
    <button
      type="button"
      className={classes["toggle"]}
      onClick={() => setAsText(!asText)}
      disabled={asText && parsed === null}
    >
      {asText ? t("condition.asChoices") : t("condition.asText")}
    </button>
  );
  if (asText || parsed === null) {
    return (
      <div className={classes["editor"]}>
        <TextField
          label={t("condition.text")}
          value={value}
          long
          mono
          hint={t("condition.textHint")}
          onChange={onChange}
        />
        {toggle}
      </div>
    );
  }
  const { clauses, joiner } = condition;
  const shown = clauses.length > 0 ? clauses : [newClause(slot)];
  const replace = (index: number, clause: Clause) =>
    change({ joiner, clauses: shown.map((each, place) => (place === index ? clause : each)) });
  return (
    <div className={classes["editor"]}>
      {shown.map((clause, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: comparisons have no identity but their place
        <div key={index} className={classes["clauseWithJoiner"]}>
          {index === 1 ? (
            <SegmentedControl
              size="xs"
              value={joiner}
              disabled={readOnly}
              aria-label={t("condition.joiner")}
              data={[
                { value: "and", label: t("condition.and") },
                { value: "or", label: t("condition.or") },
              ]}
              onChange={(word) => change({ joiner: word as Condition["joiner"], clauses: shown })}
            />
          ) : null}
          {index > 1 ? <span className={classes["joiner"]}>{t(`condition.${joiner}`)}</span> : null}
          <ClauseEditor
            clause={clause}
            onChange={(next) => replace(index, next)}
            {...(shown.length > 1
              ? { onRemove: () => change({ joiner, clauses: shown.toSpliced(index, 1) }) }
              : {})}
          />
        </div>
      ))}
      <div className={classes["foot"]}>
        {readOnly ? null : (
          <button
            type="button"
            className={classes["toggle"]}
            onClick={() => setDraft({ joiner, clauses: [...shown, newClause(slot)] })}
          >
            <IconPlus size={14} stroke={2} aria-hidden="true" />
            {t("condition.add")}
          </button>
        )}
        {toggle}
      </div>
    </div>
  );
}

function newClause(name: string): Clause {
  return { namespace: "slots", name, operator: "is", value: "" };
}

interface ClauseEditorProps {
  clause: Clause;
  onChange: (clause: Clause) => void;
  onRemove?: () => void;
}

function ClauseEditor({ clause, onChange, onRemove }: ClauseEditorProps) {
  const { t } = useTranslation(["content", "canvas"]);
  const { sources, readOnly } = useContent();
  const slot = sources.slots.get(clause.name);
  return (
    <div className={classes["clause"]}>
      <div className={classes["slot"]}>
        <SlotField
          label={t("condition.slot")}
          labelHidden
          value={clause.name}
          onChange={(name) =>
            onChange({ ...clause, name, ...fitting(sources.slots.get(name)?.type, clause) })
          }
        />
      </div>
      <Select
        aria-label={t("condition.operator")}
        className={classes["operator"]}
        disabled={readOnly}
        allowDeselect={false}
        data={offered(slot?.type ?? "", clause.operator).map((operator) => ({
          value: operator,
          label: t(`canvas:operators.${operator}`),
        }))}
        value={clause.operator}
        onChange={(chosen) => {
          const operator = (chosen ?? "is") as Operator;
          onChange({
            ...clause,
            operator,
            value: needsValue(operator) ? (clause.value ?? firstValue(slot?.type)) : null,
          });
        }}
      />
      {needsValue(clause.operator) ? (
        <ValueField
          type={slot?.type ?? ""}
          values={slot?.values ?? null}
          clause={clause}
          onChange={onChange}
        />
      ) : null}
      {onRemove && !readOnly ? (
        <IconButton size={28} label={t("condition.remove")} onClick={onRemove}>
          <IconTrash size={16} stroke={1.75} />
        </IconButton>
      ) : null}
    </div>
  );
}

/** What is stored is always among the choices, though it makes no sense for the slot. */
function offered(type: string, stored: Operator): readonly Operator[] {
  const operators = operatorsOf(type);
  return operators.includes(stored) ? operators : [...operators, stored];
}

/** A comparison and a value that suit the type of the slot just chosen. */
function fitting(type: string | undefined, clause: Clause): Partial<Clause> {
  const operators = operatorsOf(type ?? "");
  const operator = operators.includes(clause.operator) ? clause.operator : (operators[0] ?? "is");
  if (!needsValue(operator)) return { operator, value: null };
  const value = firstValue(type);
  return { operator, value: typeof clause.value === typeof value ? clause.value : value };
}

function firstValue(type: string | undefined): string | number | boolean {
  if (type === "bool") return true;
  return type === "float" ? 0 : "";
}

interface ValueFieldProps {
  type: string;
  values: readonly string[] | null;
  clause: Clause;
  onChange: (clause: Clause) => void;
}

function ValueField({ type, values, clause, onChange }: ValueFieldProps) {
  const { t } = useTranslation(["content", "canvas"]);
  const { readOnly } = useContent();
  const label = t("condition.value");
  const shared = { "aria-label": label, className: classes["value"], disabled: readOnly };
  if (type === "bool" || typeof clause.value === "boolean") {
    return (
      <Select
        {...shared}
        allowDeselect={false}
        data={[
          { value: "true", label: t("canvas:yes") },
          { value: "false", label: t("canvas:no") },
        ]}
        value={String(clause.value)}
        onChange={(chosen) => onChange({ ...clause, value: chosen === "true" })}
      />
    );
  }
  if (type === "float" || typeof clause.value === "number") {
    return (
      <NumberInput
        {...shared}
        hideControls
        value={typeof clause.value === "number" ? clause.value : ""}
        onChange={(number) =>
          onChange({ ...clause, value: typeof number === "number" ? number : Number(number) || 0 })
        }
      />
    );
  }
  if (values && values.length > 0) {
    const known = values.map(String);
    const current = String(clause.value ?? "");
    const data = current === "" || known.includes(current) ? known : [current, ...known];
    return (
      <Select
        {...shared}
        data={data}
        value={current || null}
        onChange={(chosen) => onChange({ ...clause, value: chosen ?? "" })}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      value={String(clause.value ?? "")}
      onChange={(event) => onChange({ ...clause, value: event.currentTarget.value })}
    />
  );
}
