import { Switch, Textarea, TextInput } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useContent } from "./content-context";
import classes from "./fields.module.css";
import type { ShownProblem } from "./use-unfinished";

interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  optional?: boolean;
  long?: boolean;
  mono?: boolean;
  error?: ReactNode;
  placeholder?: string;
  autoFocus?: boolean;
}

/** One line or several; what is typed goes into the flow at once. */
export function TextField({
  label,
  optional,
  long,
  mono,
  hint,
  error,
  autoFocus,
  onChange,
  ...rest
}: TextFieldProps) {
  const { t } = useTranslation();
  const { readOnly } = useContent();
  const shared = {
    ...rest,
    label: optional ? (
      <>
        {label} <span className={classes["optional"]}>{t("optional")}</span>
      </>
    ) : (
      label
    ),
    description: hint,
    error,
    readOnly,
    ...(autoFocus ? { "data-autofocus": true, autoFocus: true } : {}),
    ...(mono ? { classNames: { input: classes["mono"] } } : {}),
  };
  return long ? (
    <Textarea {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
  ) : (
    <TextInput {...shared} onChange={(event) => onChange(event.currentTarget.value)} />
  );
}

interface SwitchFieldProps {
  label: string;
  hint: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function SwitchField({ label, hint, checked, onChange }: SwitchFieldProps) {
  const { readOnly } = useContent();
  return (
    <Switch
      label={label}
      description={hint}
      labelPosition="left"
      checked={checked}
      disabled={readOnly}
      onChange={(event) => onChange(event.currentTarget.checked)}
      classNames={{
        body: classes["switch"],
        labelWrapper: classes["switchText"],
        label: classes["switchLabel"],
        description: classes["switchHint"],
      }}
    />
  );
}

/** A heading over parts that belong together. */
export function FieldGroup({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes["group"]} aria-label={title}>
      <h2 className={classes["groupTitle"]}>{title}</h2>
      {children}
    </section>
  );
}

/** The problems of the field (or step) at a pointer, in the place where they are made. */
export function FieldProblems({ problems }: { problems: readonly ShownProblem[] }) {
  return problems.map((problem) => (
    <p
      key={`${problem.code} ${problem.message}`}
      className={classes["problem"]}
      data-severity={problem.unfinished ? "unfinished" : problem.severity}
    >
      <IconAlertCircle size={14} stroke={1.75} aria-hidden="true" />
      {problem.message}
    </p>
  ));
}
