import { Autocomplete, NumberInput, TextInput } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { isApiError } from "@/api/errors";

interface SavedFieldProps<Value> {
  label: string;
  stored: Value;
  readOnly: boolean;
  save: (value: Value) => Promise<void>;
  description?: string;
  placeholder?: string;
}

/** What is typed, until it is left or Enter is pressed; Escape takes it back, a refusal stays with it. */
function useSaved<Value>({ stored, save }: Pick<SavedFieldProps<Value>, "stored" | "save">) {
  const [value, setValue] = useState(stored);
  const [refused, setRefused] = useState<string | null>(null);
  // What was typed and not handed over: with an Undo the stored value and the field may go in one.
  const typed = useRef(false);
  useEffect(() => {
    typed.current = false;
    setValue(stored);
    setRefused(null);
  }, [stored]);
  const keep = async (wanted: Value) => {
    typed.current = false;
    if (wanted === stored || refused !== null) return;
    try {
      await save(wanted);
    } catch (error) {
      const said = isApiError(error) ? error.errors[0]?.message : undefined;
      setRefused(said ?? (error instanceof Error ? error.message : String(error)));
    }
  };
  const leave = useRef(() => {});
  leave.current = () => {
    if (typed.current) void keep(value);
  };
  // Another page may be opened while the field still has the focus.
  useEffect(() => () => leave.current(), []);
  return {
    value,
    error: refused,
    keep,
    change: (wanted: Value) => {
      typed.current = true;
      setRefused(null);
      setValue(wanted);
    },
    onBlur: () => void keep(value),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key === "Enter") void keep(value);
      if (event.key !== "Escape") return;
      setValue(stored);
      setRefused(null);
    },
  };
}

interface SavedTextProps extends SavedFieldProps<string> {
  /** Offered while one types. */
  offers?: readonly string[];
  mono?: string | undefined;
}

/** One line that saves by itself. */
export function SavedText({ offers, mono, ...props }: SavedTextProps) {
  const { value, error, change, keep, onBlur, onKeyDown } = useSaved(props);
  const { label, readOnly, description, placeholder } = props;
  const common = {
    label,
    readOnly,
    description,
    placeholder,
    value,
    error,
    onBlur,
    onKeyDown,
    spellCheck: false,
    autoComplete: "off",
    ...(mono ? { classNames: { input: mono } } : {}),
  };
  return offers ? (
    <Autocomplete
      {...common}
      data={[...offers]}
      onChange={change}
      onOptionSubmit={(chosen) => void keep(chosen)}
    />
  ) : (
    <TextInput {...common} onChange={(event) => change(event.currentTarget.value)} />
  );
}

interface SavedNumberProps extends SavedFieldProps<number | null> {
  min: number;
  max: number;
  step: number;
  suffix?: string;
}

/** A number that saves by itself; empty: the runtime's own. */
export function SavedNumber({ min, max, step, suffix, ...props }: SavedNumberProps) {
  const { value, error, change, onBlur, onKeyDown } = useSaved(props);
  const { label, readOnly, description, placeholder } = props;
  return (
    <NumberInput
      label={label}
      readOnly={readOnly}
      description={description}
      placeholder={placeholder ?? ""}
      value={value ?? ""}
      error={error}
      min={min}
      max={max}
      step={step}
      suffix={suffix ?? ""}
      clampBehavior="none"
      hideControls
      onChange={(wanted) => change(typeof wanted === "number" ? wanted : null)}
      onBlur={onBlur}
      onKeyDown={onKeyDown}
    />
  );
}
