import { Button, TextInput } from "@mantine/core";
import { IconPencil, IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { slotValuesQuery } from "@/api/slots";
import { useContent } from "@/components/content/content-context";
import { FieldProblems } from "@/components/content/fields";
import { IconButton } from "@/components/icon-button";
import { withKey } from "@/flow-core/response";
import { moved, type SlotFields, textOf } from "./slot-fields";
import classes from "./slots.module.css";
import { RemoveValue, RenameValue } from "./value-dialogs";

interface ValueListProps extends SlotFields {
  slot: string;
  /** Saves at once what waits. */
  onFlush: () => Promise<void>;
}

/**
 * The values of a choice. Enter adds one below, Alt and arrows move it, a pasted list becomes rows. One that is used
 * gets another name by a dialog, and everything that names it follows.
 */
export function ValueList({ slot, body, onChange, problems, onFlush }: ValueListProps) {
  const { t } = useTranslation("slots");
  const { assistantId, readOnly } = useContent();
  const usesQuery = slotValuesQuery(assistantId, slot);
  const known = useQuery(usesQuery).data?.values ?? [];
  const client = useQueryClient();
  const [asked, setAsked] = useState<{ act: "rename" | "remove"; index: number } | null>(null);
  // What is being typed is not stopped by its first letters being a value that is used.
  const [typing, setTyping] = useState<number | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const wanted = useRef<number | null>(null);
  const values = Array.isArray(body["values"]) ? body["values"] : [];
  useEffect(() => {
    if (wanted.current === null) return;
    list.current?.querySelectorAll("input")[wanted.current]?.focus();
    wanted.current = null;
  });
  const usesOf = (value: string) => known.find((each) => each.value === value)?.uses ?? [];
  const set = (next: typeof values, focus?: number) => {
    if (focus !== undefined) wanted.current = focus;
    onChange(withKey(body, "values", next));
  };
  const remove = (index: number) => set(values.toSpliced(index, 1));
  const latest = useRef({ values, remove });
  latest.current = { values, remove };
  /** Asks first where the value is used. What is known of it may be of before the last change. */
  const removeUnlessUsed = async (index: number) => {
    const value = textOf(values[index]);
    const found = await client
      .fetchQuery({ ...usesQuery, staleTime: Number.POSITIVE_INFINITY, retry: false })
      .catch(() => null); // with the server away nobody can tell; Undo brings it back
    const uses = found?.values.find((each) => each.value === value)?.uses ?? [];
    const now = latest.current.values.findIndex((other) => textOf(other) === value);
    if (now < 0) return;
    if (uses.length > 0) setAsked({ act: "remove", index: now });
    else latest.current.remove(now);
  };
  const isFixed = (index: number) =>
    !readOnly && typing !== index && usesOf(textOf(values[index])).length > 0;
  const onKeyDown = (index: number) => (event: KeyboardEvent<HTMLInputElement>) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.key === "Enter") set(values.toSpliced(index + 1, 0, ""), index + 1);
    else if (by && event.altKey)
      set(moved(values, index, by), Math.max(0, Math.min(values.length - 1, index + by)));
    else if (by) list.current?.querySelectorAll("input")[index + by]?.focus();
    else if (event.key === "Backspace" && event.currentTarget.value === "" && values.length > 1)
      set(values.toSpliced(index, 1), Math.max(0, index - 1));
    else return;
    event.preventDefault();
  };
  const onKeyDownFixed = (index: number) => (event: KeyboardEvent<HTMLInputElement>) => {
    if (!isTyped(event)) return onKeyDown(index)(event);
    event.preventDefault();
    setAsked({ act: "rename", index });
  };
  const onPaste = (index: number) => (event: ClipboardEvent<HTMLInputElement>) => {
    const lines = event.clipboardData
      .getData("text")
      .split(/\r?\n/)
      .map((line) => line.trim());
    const filled = lines.filter(Boolean);
    if (filled.length < 2) return;
    event.preventDefault();
    const here = textOf(values[index]) === "" ? 1 : 0;
    set(values.toSpliced(index + 1 - here, here, ...filled), index + filled.length - here);
  };
  return (
    <section className={classes["section"]} aria-label={t("valuesTitle")}>
      <div className={classes["sectionHead"]}>
        <h3>{t("valuesTitle")}</h3>
        <small />
        {readOnly ? null : (
          <Button variant="subtle" size="xs" onClick={() => set([...values, ""], values.length)}>
            {t("addValue")}
          </Button>
        )}
      </div>
      <ul className={classes["list"]} ref={list}>
        {values.map((value, index) => {
          const text = textOf(value);
          const uses = usesOf(text);
          const fixed = isFixed(index);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: values have no identity but their place
            <li key={index}>
              <TextInput
                className={classes["grow"] ?? ""}
                aria-label={t("value", { number: index + 1 })}
                value={text}
                readOnly={readOnly || fixed}
                rightSection={
                  uses.length > 0 ? <small>{t("uses", { count: uses.length })}</small> : null
                }
                rightSectionWidth="auto"
                rightSectionPointerEvents="none"
                classNames={{ section: classes["usesOfValue"] ?? "" }}
                onChange={(event) => {
                  setTyping(index);
                  set(values.with(index, event.currentTarget.value));
                }}
                onBlur={() => setTyping(null)}
                onClick={() => fixed && setAsked({ act: "rename", index })}
                onKeyDown={fixed ? onKeyDownFixed(index) : onKeyDown(index)}
                onPaste={onPaste(index)}
              />
              {fixed ? (
                <IconButton
                  size={28}
                  label={t("renameValue", { value: text })}
                  onClick={() => setAsked({ act: "rename", index })}
                >
                  <IconPencil size={16} stroke={1.75} />
                </IconButton>
              ) : null}
              {readOnly ? null : (
                <IconButton
                  size={28}
                  label={t("removeValue", { value: text || index + 1 })}
                  onClick={() => void removeUnlessUsed(index)}
                >
                  <IconX size={16} stroke={1.75} />
                </IconButton>
              )}
            </li>
          );
        })}
      </ul>
      <FieldProblems problems={problems("/values")} />
      {asked?.act === "rename" ? (
        <RenameValue
          slot={slot}
          value={textOf(values[asked.index])}
          values={values.map(textOf)}
          uses={usesOf(textOf(values[asked.index]))}
          onBefore={onFlush}
          onClose={() => setAsked(null)}
        />
      ) : null}
      {asked?.act === "remove" ? (
        <RemoveValue
          value={textOf(values[asked.index])}
          uses={usesOf(textOf(values[asked.index]))}
          onRemove={() => remove(asked.index)}
          onClose={() => setAsked(null)}
        />
      ) : null}
    </section>
  );
}

function isTyped({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  return !(ctrlKey || metaKey || altKey) && (key.length === 1 || key === "Backspace");
}
