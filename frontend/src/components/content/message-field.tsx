import { Combobox, useCombobox } from "@mantine/core";
import { IconPlus, IconVariable } from "@tabler/icons-react";
import {
  type FocusEvent,
  Fragment,
  type KeyboardEvent,
  type Ref,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { closest, openedBefore, partsOf, slotEndingAt, withSlot } from "@/flow-core/placeholders";
import { useContent } from "./content-context";
import classes from "./message-field.module.css";
import { asIdentifier, NewSlot, useTypeName } from "./slot-field";

interface MessageFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  autoFocus?: boolean;
  /** Language of the text, for the screen reader and its direction. */
  language?: string;
  /** Jinja has names of its own in braces: nothing is marked. */
  jinja?: boolean;
  /** A place that has no words yet and would use another's. */
  missing?: boolean;
  onKeyDown?: (event: KeyboardEvent<HTMLTextAreaElement>) => void;
  onBlur?: (event: FocusEvent<HTMLTextAreaElement>) => void;
  ref?: Ref<HTMLTextAreaElement>;
}

const SHOWN = 50;
const NEW = "\u0000new";

/**
 * Words with slots in them: `{` offers the slots, a new one is made right here, Backspace takes one whole,
 * and one that does not exist is marked at once.
 */
export function MessageField(props: MessageFieldProps) {
  const { label, value, onChange, placeholder, autoFocus, language, jinja, missing } = props;
  const { t } = useTranslation("content");
  const { sources, readOnly } = useContent();
  const typeName = useTypeName();
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const [begun, setBegun] = useState<string | null>(null);
  const [making, setMaking] = useState<string | null>(null);
  const caretAfter = useRef<number | null>(null);
  const combobox = useCombobox({ onDropdownClose: () => setBegun(null) });
  useImperativeHandle(props.ref, () => field.current as HTMLTextAreaElement);
  useLayoutEffect(() => {
    if (caretAfter.current === null) return;
    field.current?.focus();
    field.current?.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = null;
  });
  const known = sources.slots;
  const wanted = (begun ?? "").toLowerCase();
  const found =
    begun === null ? [] : [...known.values()].filter(({ id }) => id.toLowerCase().includes(wanted));
  const offersNew = begun !== null && wanted !== "" && !known.has(begun);
  const look = (text: string, caret: number) => {
    const open = jinja || readOnly ? null : openedBefore(text, caret);
    setBegun(open);
    if (open === null) combobox.closeDropdown();
    else {
      combobox.openDropdown();
      combobox.selectFirstOption();
    }
  };
  const put = (slot: string) => {
    const caret = field.current?.selectionStart ?? value.length;
    const next = withSlot(value, caret, slot);
    caretAfter.current = next.caret;
    onChange(next.text);
    combobox.closeDropdown();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (combobox.dropdownOpened && onListKey(event)) return;
    if (event.key === "Backspace" && !jinja && takeSlot(event)) return;
    props.onKeyDown?.(event);
  };
  const onListKey = (event: KeyboardEvent): boolean => {
    const options = found.length + (offersNew ? 1 : 0);
    if (event.key === "ArrowDown" && options > 0) combobox.selectNextOption();
    else if (event.key === "ArrowUp" && options > 0) combobox.selectPreviousOption();
    else if ((event.key === "Enter" || event.key === "Tab") && options > 0)
      combobox.clickSelectedOption();
    else if (event.key === "Escape") combobox.closeDropdown();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const takeSlot = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    const { selectionStart, selectionEnd } = event.currentTarget;
    const place = selectionStart === selectionEnd ? slotEndingAt(value, selectionStart) : null;
    if (!place || readOnly) return false;
    event.preventDefault();
    caretAfter.current = place.from;
    onChange(value.slice(0, place.from) + value.slice(place.to));
    return true;
  };
  const parts = jinja ? [{ text: value, slot: null }] : partsOf(value);
  const unknown = [
    ...new Set(parts.flatMap(({ slot }) => (slot !== null && !isKnown(slot, known) ? [slot] : []))),
  ];
  return (
    <div className={classes["field"]}>
      <Combobox
        store={combobox}
        shadow="md"
        position="bottom-start"
        onOptionSubmit={(option) => {
          if (option !== NEW) put(option);
          else {
            setMaking(asIdentifier(begun ?? ""));
            combobox.closeDropdown();
          }
        }}
      >
        <Combobox.DropdownTarget>
          <div className={classes["stack"]} data-missing={missing} data-read-only={readOnly}>
            <div className={classes["mirror"]} aria-hidden="true" dir="auto">
              {parts.map((part, index) =>
                part.slot === null ? (
                  // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text, in their order
                  <Fragment key={index}>{part.text}</Fragment>
                ) : (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <mark key={index} data-unknown={!isKnown(part.slot, known)}>
                    <i>{"{"}</i>
                    {part.slot}
                    <i>{"}"}</i>
                  </mark>
                ),
              )}
              {"\u200b"}
            </div>
            <textarea
              ref={field}
              className={classes["input"]}
              aria-label={label}
              aria-autocomplete="list"
              {...(combobox.dropdownOpened ? { "aria-controls": listId } : {})}
              rows={1}
              dir="auto"
              lang={language}
              value={value}
              placeholder={placeholder}
              readOnly={readOnly}
              // biome-ignore lint/a11y/noAutofocus: what was just asked for is written at once
              autoFocus={autoFocus ?? false}
              onChange={(event) => {
                onChange(event.currentTarget.value);
                look(event.currentTarget.value, event.currentTarget.selectionStart);
              }}
              onKeyDown={onKeyDown}
              onBlur={(event) => {
                combobox.closeDropdown();
                props.onBlur?.(event);
              }}
            />
          </div>
        </Combobox.DropdownTarget>
        <Combobox.Dropdown hidden={found.length === 0 && !offersNew}>
          <Combobox.Options id={listId} mah={240} style={SCROLL} aria-label={t("slots")}>
            {found.slice(0, SHOWN).map((slot) => (
              <Combobox.Option key={slot.id} value={slot.id} className={classes["option"]}>
                <IconVariable size={16} stroke={1.75} aria-hidden="true" />
                <code>{slot.id}</code>
                <small>{typeName(slot.type)}</small>
              </Combobox.Option>
            ))}
            {offersNew ? (
              <Combobox.Option value={NEW} className={classes["option"]}>
                <IconPlus size={16} stroke={1.75} aria-hidden="true" />
                {t("createSlot", { name: asIdentifier(begun ?? "") })}
              </Combobox.Option>
            ) : null}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {making === null ? null : (
        <NewSlot
          name={making}
          onDone={(name) => {
            setMaking(null);
            if (name) put(name);
            else field.current?.focus();
          }}
        />
      )}
      {making === null && begun === null
        ? unknown.map((name) => (
            <UnknownSlot
              key={name}
              name={name}
              known={known.keys()}
              onReplace={(slot) => onChange(value.replaceAll(`{${name}}`, `{${slot}}`))}
              onCreate={() => setMaking(asIdentifier(name))}
            />
          ))
        : null}
    </div>
  );
}

const SCROLL = { overflowY: "auto" } as const;
/** What the runtime knows besides the assistant's slots; the server's check has the whole list. */
const ALWAYS = new Set(["value", "language", "return_value", "requested_slot"]);

/** Before the slots are there, none is unknown. */
function isKnown(name: string, slots: ReadonlyMap<string, unknown>): boolean {
  return slots.size === 0 || slots.has(name) || ALWAYS.has(name);
}

interface UnknownSlotProps {
  name: string;
  known: Iterable<string>;
  onReplace: (slot: string) => void;
  onCreate: () => void;
}

function UnknownSlot({ name, known, onReplace, onCreate }: UnknownSlotProps) {
  const { t } = useTranslation("content");
  const { readOnly } = useContent();
  const meant = closest(name, known);
  return (
    <p className={classes["unknown"]}>
      {name === "" ? t("emptySlot") : t("unknownSlot", { name })}
      {meant && !readOnly ? (
        <button type="button" onClick={() => onReplace(meant)}>
          {t("didYouMean", { name: meant })}
        </button>
      ) : null}
      {name !== "" && !readOnly ? (
        <button type="button" onClick={onCreate}>
          {t("createSlot", { name: asIdentifier(name) })}
        </button>
      ) : null}
    </p>
  );
}
