import { Popover, Textarea, TextInput, UnstyledButton } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import { IconButton } from "@/components/icon-button";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";
import { useBuilder } from "../builder-context";
import { FieldProblems } from "./fields";
import classes from "./variation-editor.module.css";

interface VariationEditorProps {
  number: number;
  variation: JsonObject;
  problems: readonly Problem[];
  onChange: (variation: JsonObject) => void;
  onRemove?: () => void;
}

/** One wording of a response with its buttons; other keys (channel, condition, custom …) stay as they are. */
export function VariationEditor(props: VariationEditorProps) {
  const { number, variation, problems, onChange, onRemove } = props;
  const { t } = useTranslation("builder");
  const { readOnly } = useBuilder();
  const { text, buttons } = variation;
  return (
    <div className={classes["variation"]}>
      <div className={classes["line"]}>
        <Textarea
          className={classes["text"]}
          aria-label={t("variationText", { number })}
          value={typeof text === "string" ? text : ""}
          placeholder={typeof text === "string" ? t("writeMessage") : t("customMessage")}
          minRows={1}
          readOnly={readOnly}
          onChange={(event) => onChange({ ...variation, text: event.currentTarget.value })}
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
        onChange={(next) => onChange(withButtons(variation, next))}
      />
    </div>
  );
}

function withButtons(variation: JsonObject, buttons: Json[]): JsonObject {
  const { buttons: _before, ...rest } = variation;
  return buttons.length > 0 ? { ...rest, buttons } : rest;
}

function Buttons({ buttons, onChange }: { buttons: Json[]; onChange: (buttons: Json[]) => void }) {
  const { t } = useTranslation("builder");
  const { readOnly } = useBuilder();
  const [open, setOpen] = useState<number | null>(null);
  return (
    <div className={classes["buttons"]}>
      {buttons.map((button, index) => (
        <ButtonChip
          // biome-ignore lint/suspicious/noArrayIndexKey: buttons have no identity but their place
          key={index}
          button={isObject(button) ? button : {}}
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
          onClick={() => {
            onChange([...buttons, { title: "", payload: "" }]);
            setOpen(buttons.length);
          }}
        >
          <IconPlus size={12} stroke={2} aria-hidden="true" />
          {t("button")}
        </UnstyledButton>
      )}
    </div>
  );
}

interface ButtonChipProps {
  button: JsonObject;
  open: boolean;
  onOpen: (open: boolean) => void;
  onChange: (button: JsonObject) => void;
  onRemove: () => void;
}

function ButtonChip({ button, open, onOpen, onChange, onRemove }: ButtonChipProps) {
  const { t } = useTranslation("builder");
  const { readOnly } = useBuilder();
  const title = String(button["title"] ?? "");
  return (
    <Popover
      opened={open}
      onChange={onOpen}
      width={280}
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
        <div className={classes["form"]}>
          <TextInput
            label={t("buttonTitle")}
            value={title}
            readOnly={readOnly}
            data-autofocus
            onChange={(event) => onChange({ ...button, title: event.currentTarget.value })}
          />
          <TextInput
            label={t("buttonPayload")}
            description={t("buttonPayloadHint")}
            value={String(button["payload"] ?? "")}
            readOnly={readOnly}
            onChange={(event) => onChange({ ...button, payload: event.currentTarget.value })}
          />
          {readOnly ? null : (
            <UnstyledButton className={classes["remove"]} onClick={onRemove}>
              <IconTrash size={16} stroke={1.75} aria-hidden="true" />
              {t("deleteButton")}
            </UnstyledButton>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
