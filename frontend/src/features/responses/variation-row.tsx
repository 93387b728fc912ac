import { ActionIcon, Button, Menu, Popover, TextInput } from "@mantine/core";
import { IconDots, IconPencil, IconPhoto, IconTrash } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import { ConditionEditor } from "@/components/content/condition-editor";
import { useContent } from "@/components/content/content-context";
import { FieldProblems } from "@/components/content/fields";
import { MessageField } from "@/components/content/message-field";
import { isJinja } from "@/components/content/variation-editor";
import { DragHandle, type useDragOrder } from "@/components/drag-handle";
import { useConditionWords } from "@/components/flow-canvas/card-texts";
import { conditionSentence } from "@/flow-core/condition";
import type { JsonObject } from "@/flow-core/json";
import { conditionText, translationOf, withKey, withTranslation } from "@/flow-core/response";
import { useCloseOutside } from "@/lib/use-close-outside";
import { focusMissing, focusRow } from "./focus";
import classes from "./responses.module.css";
import { type Language, useLanguages } from "./use-responses";

type Drag = ReturnType<typeof useDragOrder>;

interface VariationRowProps {
  /** Place in the body. */
  index: number;
  /** Place in its section, from 1. */
  number: number;
  variation: JsonObject;
  problems: readonly Problem[];
  second: Language | undefined;
  drag: { row: ReturnType<Drag["row"]>; handle: ReturnType<Drag["handle"]> | null };
  onChange: (variation: JsonObject) => void;
  onMove: (by: number) => void;
  onAdd: () => void;
  onRemove: (() => void) | null;
}

/** One way to say it: its words, what it depends on, and its translation at the same height. */
export function VariationRow(props: VariationRowProps) {
  const { index, number, variation, problems, second, drag, onChange, onMove, onAdd } = props;
  const { t } = useTranslation("responses");
  const { assistantId, readOnly, sources } = useContent();
  const { own } = useLanguages(assistantId);
  const conditional = variation["condition"] !== undefined;
  const { text } = variation;
  const row = `variation-${index}`;
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const handled = keyOf(event, {
      add: onAdd,
      up: () => onMove(-1),
      down: () => onMove(1),
      across: second ? () => focusRow(`${row}-translation`) : null,
    });
    if (handled) event.preventDefault();
  };
  const field = (
    <MessageField
      label={t(conditional ? "conditionalText" : "variationText", { number })}
      value={typeof text === "string" ? text : ""}
      placeholder={t(variation["custom"] ? "customOnly" : "writeMessage")}
      language={own.code}
      jinja={isJinja(variation)}
      onKeyDown={onKeyDown}
      onChange={(next) => onChange({ ...variation, text: next })}
    />
  );
  const menu = readOnly ? null : <RowMenu {...props} />;
  return (
    <div className={classes["pair"]} {...drag.row}>
      <div className={classes["source"]} data-row={row}>
        {conditional ? (
          <div className={classes["conditional"]}>
            <ConditionLine variation={variation} onChange={onChange} menu={menu} drag={drag} />
            {field}
            <Extras variation={variation} onChange={onChange} />
          </div>
        ) : (
          <div className={classes["line"]}>
            {drag.handle && !readOnly ? <DragHandle {...drag.handle} /> : null}
            <span className={classes["number"]} aria-hidden="true">
              {number}
            </span>
            <div className={classes["grow"]}>
              {field}
              <Extras variation={variation} onChange={onChange} />
            </div>
            {menu}
          </div>
        )}
        <FieldProblems
          problems={problems.filter(
            // The field says it itself, with what was meant.
            ({ code }) => code !== "placeholder_unknown" || sources.slots.size === 0,
          )}
        />
      </div>
      {second ? (
        <div className={classes["target"]} data-row={`${row}-translation`} data-translation>
          <Translation
            label={t("translationOf", { number, language: second.name })}
            own={own.name}
            language={second.code}
            jinja={isJinja(variation)}
            source={typeof text === "string" ? text : ""}
            value={translationOf(variation, second.code)}
            back={row}
            onChange={(next) => onChange(withTranslation(variation, second.code, next))}
          />
        </div>
      ) : null}
    </div>
  );
}

interface Keys {
  add?: () => void;
  up?: () => void;
  down?: () => void;
  /** To the same row in the other language. */
  across?: (() => void) | null;
}

/** Ctrl Enter adds, Alt with an arrow moves, Ctrl with → at the end of the words goes to the other language. */
function keyOf(event: KeyboardEvent<HTMLTextAreaElement>, keys: Keys): boolean {
  const { selectionStart, value } = event.currentTarget;
  const ctrl = event.ctrlKey || event.metaKey;
  const run = (
    {
      Enter: ctrl ? keys.add : undefined,
      ArrowUp: event.altKey ? keys.up : undefined,
      ArrowDown: event.altKey
        ? keys.down
        : ctrl
          ? () => focusMissing(event.currentTarget)
          : undefined,
      ArrowRight: ctrl && selectionStart === value.length ? keys.across : undefined,
    } as Record<string, (() => void) | null | undefined>
  )[event.key];
  run?.();
  return Boolean(run);
}

interface TranslationProps {
  label: string;
  /** Name of the assistant's own language, which is said where there is no translation. */
  own: string;
  language: string;
  jinja?: boolean;
  source: string;
  value: string;
  /** The row that it translates. */
  back: string;
  onChange: (value: string) => void;
}

/** The same words in the other language; without a source there is nothing to translate. */
export function Translation(props: TranslationProps) {
  const { label, own, language, jinja, source, value, back, onChange } = props;
  const { t } = useTranslation("responses");
  if (source.trim() === "" && value === "") return null;
  return (
    <MessageField
      label={label}
      language={language}
      jinja={jinja ?? false}
      value={value}
      missing={value.trim() === ""}
      placeholder={t("notTranslated", { own })}
      onChange={onChange}
      onKeyDown={(event) => {
        const ctrl = event.ctrlKey || event.metaKey;
        if (ctrl && event.key === "ArrowLeft" && event.currentTarget.selectionStart === 0)
          focusRow(back);
        else if (!(ctrl && event.key === "ArrowDown" && focusMissing(event.currentTarget))) return;
        event.preventDefault();
      }}
    />
  );
}

interface ConditionLineProps extends Pick<VariationRowProps, "variation" | "onChange" | "drag"> {
  menu: React.ReactNode;
}

function ConditionLine({ variation, onChange, menu, drag }: ConditionLineProps) {
  const { t } = useTranslation("responses");
  const { readOnly } = useContent();
  const condition = conditionText(variation);
  const words = useConditionWords();
  const [open, setOpen] = useState(condition === "");
  useCloseOutside(open, () => setOpen(false));
  return (
    <div className={classes["condition"]}>
      {drag.handle && !readOnly ? <DragHandle {...drag.handle} /> : null}
      <Popover
        opened={open}
        onChange={setOpen}
        width={380}
        position="bottom-start"
        shadow="md"
        trapFocus
        closeOnClickOutside={false}
      >
        <Popover.Target>
          <Button
            variant="default"
            size="compact-sm"
            radius="xl"
            rightSection={<IconPencil size={14} stroke={1.75} />}
            aria-label={t("editCondition", { condition: conditionSentence(condition, words) })}
            onClick={() => setOpen(!open)}
          >
            {condition ? conditionSentence(condition, words) : t("chooseCondition")}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <ConditionEditor
            value={condition}
            onChange={(next) => onChange({ ...variation, condition: next })}
          />
        </Popover.Dropdown>
      </Popover>
      <span className={classes["grow"]} />
      {menu}
    </div>
  );
}

/** Channel and picture, where the variation has them. */
function Extras({ variation, onChange }: Pick<VariationRowProps, "variation" | "onChange">) {
  const { t } = useTranslation("responses");
  const { readOnly } = useContent();
  const { channel, image } = variation;
  if (channel === undefined && image === undefined) return null;
  return (
    <div className={classes["extras"]}>
      {channel === undefined ? null : (
        <TextInput
          size="xs"
          label={t("channel")}
          description={t("channelHint")}
          value={String(channel)}
          readOnly={readOnly}
          onChange={(event) => onChange({ ...variation, channel: event.currentTarget.value })}
          onBlur={() =>
            channel === "" ? onChange(withKey(variation, "channel", undefined)) : null
          }
        />
      )}
      {image === undefined ? null : (
        <TextInput
          size="xs"
          label={t("image")}
          description={t("imageHint")}
          type="url"
          leftSection={<IconPhoto size={14} stroke={1.75} />}
          value={String(image)}
          readOnly={readOnly}
          onChange={(event) => onChange({ ...variation, image: event.currentTarget.value })}
          onBlur={() => (image === "" ? onChange(withKey(variation, "image", undefined)) : null)}
        />
      )}
    </div>
  );
}

function RowMenu({ variation, number, onChange, onRemove, onMove }: VariationRowProps) {
  const { t } = useTranslation("responses");
  const { channel, image, condition } = variation;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          aria-label={t("variationMore", { number })}
        >
          <IconDots size={16} stroke={1.75} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {condition === undefined ? (
          <Menu.Item onClick={() => onChange({ ...variation, condition: "" })}>
            {t("onlyWhen")}
          </Menu.Item>
        ) : (
          <Menu.Item onClick={() => onChange(withKey(variation, "condition", undefined))}>
            {t("always")}
          </Menu.Item>
        )}
        <Menu.Item
          onClick={() =>
            onChange(withKey(variation, "channel", channel === undefined ? "" : undefined))
          }
        >
          {t(channel === undefined ? "onlyOnChannel" : "onEveryChannel")}
        </Menu.Item>
        <Menu.Item
          onClick={() =>
            onChange(withKey(variation, "image", image === undefined ? "" : undefined))
          }
        >
          {t(image === undefined ? "addImage" : "removeImage")}
        </Menu.Item>
        <Menu.Item rightSection={<kbd>Alt ↑</kbd>} onClick={() => onMove(-1)}>
          {t("moveUp")}
        </Menu.Item>
        <Menu.Item rightSection={<kbd>Alt ↓</kbd>} onClick={() => onMove(1)}>
          {t("moveDown")}
        </Menu.Item>
        {onRemove ? (
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} stroke={1.75} />}
            onClick={onRemove}
          >
            {t("deleteVariation")}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}
