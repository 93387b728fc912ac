import { Popover, UnstyledButton } from "@mantine/core";
import { IconBraces, IconPlus, IconTrash } from "@tabler/icons-react";
import { lazy, type ReactNode, Suspense, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { IconButton } from "@/components/icon-button";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";
import { withKey } from "@/flow-core/response";
import { useCloseOutside } from "@/lib/use-close-outside";
import { ButtonForm } from "./button-form";
import { useContent } from "./content-context";
import { FieldProblems } from "./fields";
import { MessageField } from "./message-field";
import { useValueButtons } from "./use-value-buttons";
import classes from "./variation-editor.module.css";

const CustomData = lazy(async () => ({
  default: (await import("./custom-data")).CustomData,
}));

interface VariationEditorProps {
  number: number;
  variation: JsonObject;
  problems: readonly Problem[];
  onChange: (variation: JsonObject) => void;
  onRemove?: () => void;
  /** The slot that the response asks for. */
  slot?: string | undefined;
  /** Its words were just written: the focus goes on to what comes after them, unless it is elsewhere by now. */
  goesOn?: boolean;
}

/** One wording of a response with its buttons and custom data; other keys (channel, condition …) stay as they are. */
export function VariationEditor(props: VariationEditorProps) {
  const { number, variation, problems, onChange, onRemove, slot, goesOn = false } = props;
  const { t } = useTranslation("content");
  const { readOnly } = useContent();
  const { text, buttons, custom } = variation;
  const [data, setData] = useState(custom !== undefined);
  return (
    <div className={classes["variation"]}>
      <div className={classes["line"]}>
        <MessageField
          label={t("variationText", { number })}
          value={typeof text === "string" ? text : ""}
          placeholder={typeof text === "string" ? t("writeMessage") : t("customMessage")}
          jinja={isJinja(variation)}
          onChange={(next) => onChange({ ...variation, text: next })}
        />
        {onRemove && !readOnly ? (
          <IconButton size={28} label={t("deleteVariation", { number })} onClick={onRemove}>
            <IconTrash size={16} stroke={1.75} />
          </IconButton>
        ) : null}
      </div>
      <FieldProblems problems={problems} />
      <Buttons
        buttons={Array.isArray(buttons) ? buttons : []}
        slot={slot}
        goesOn={goesOn}
        onChange={(next) => onChange(withButtons(variation, next))}
      >
        {data || readOnly ? null : (
          <UnstyledButton className={classes["add"]} onClick={() => setData(true)}>
            <IconBraces size={12} stroke={2} aria-hidden="true" />
            {t("customData.title")}
          </UnstyledButton>
        )}
      </Buttons>
      {data || custom !== undefined ? (
        <Suspense fallback={<ListSkeleton />}>
          <CustomData
            label={t("customData.of", { number })}
            value={custom}
            problems={[]}
            onChange={(next) => onChange(withKey(variation, "custom", next))}
          />
        </Suspense>
      ) : null}
    </div>
  );
}

export function isJinja({ metadata }: JsonObject): boolean {
  return isObject(metadata) && metadata["template"] === "jinja";
}

function withButtons(variation: JsonObject, buttons: Json[]): JsonObject {
  const { buttons: _before, ...rest } = variation;
  return buttons.length > 0 ? { ...rest, buttons } : rest;
}

interface ButtonsProps {
  buttons: Json[];
  slot: string | undefined;
  goesOn: boolean;
  onChange: (buttons: Json[]) => void;
  /** What else can be added. */
  children: ReactNode;
}

function Buttons({ buttons, slot, goesOn, onChange, children }: ButtonsProps) {
  const { t } = useTranslation("content");
  const { readOnly } = useContent();
  const buttonsFor = useValueButtons();
  const [open, setOpen] = useState<number | null>(null);
  const add = useRef<HTMLButtonElement>(null);
  // The server may have answered late. Where the first words were written is gone, and the focus with it, or it is in use.
  useLayoutEffect(() => {
    if (goesOn && document.activeElement === document.body) add.current?.focus();
  }, [goesOn]);
  const missing = (slot !== undefined && !readOnly && buttonsFor(slot, buttons)) || [];
  return (
    <div className={classes["buttons"]}>
      {buttons.map((button, index) => (
        <ButtonChip
          // biome-ignore lint/suspicious/noArrayIndexKey: buttons have no identity but their place
          key={index}
          button={isObject(button) ? button : {}}
          slot={slot}
          open={open === index}
          onOpen={(opened) => setOpen(opened ? index : null)}
          onChange={(next) =>
            onChange(buttons.map((each, place) => (place === index ? next : each)))
          }
          onRemove={() => {
            setOpen(null);
            onChange(buttons.toSpliced(index, 1));
          }}
        />
      ))}
      {readOnly ? null : (
        <UnstyledButton
          className={classes["add"]}
          ref={add}
          onClick={() => {
            onChange([...buttons, { title: "", payload: "" }]);
            setOpen(buttons.length);
          }}
        >
          <IconPlus size={12} stroke={2} aria-hidden="true" />
          {t("button")}
        </UnstyledButton>
      )}
      {missing.length > 0 ? (
        <UnstyledButton
          className={classes["add"]}
          onClick={() => onChange([...buttons, ...missing])}
        >
          <IconPlus size={12} stroke={2} aria-hidden="true" />
          {t("buttonPerValue")}
        </UnstyledButton>
      ) : null}
      {children}
    </div>
  );
}

interface ButtonChipProps {
  button: JsonObject;
  slot: string | undefined;
  open: boolean;
  onOpen: (open: boolean) => void;
  onChange: (button: JsonObject) => void;
  onRemove: () => void;
}

function ButtonChip({ button, slot, open, onOpen, onChange, onRemove }: ButtonChipProps) {
  const { t } = useTranslation("content");
  const title = String(button["title"] ?? "");
  useCloseOutside(open, () => onOpen(false));
  return (
    <Popover
      opened={open}
      closeOnClickOutside={false}
      onChange={onOpen}
      width={320}
      trapFocus
      shadow="md"
      position="bottom-start"
    >
      <Popover.Target>
        <UnstyledButton className={classes["chip"]} onClick={() => onOpen(!open)}>
          {title || t("buttonUntitled")}
        </UnstyledButton>
      </Popover.Target>
      {/* Escape closes this form, not the panel around it. */}
      <Popover.Dropdown
        onKeyDown={(event) => (event.key === "Escape" ? event.stopPropagation() : undefined)}
      >
        <ButtonForm button={button} onChange={onChange} onRemove={onRemove} slot={slot} />
      </Popover.Dropdown>
    </Popover>
  );
}
