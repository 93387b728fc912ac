import { Menu, Popover, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import { ButtonForm, buttonAction, flowOf } from "@/components/content/button-form";
import { useContent } from "@/components/content/content-context";
import { FieldProblems } from "@/components/content/fields";
import { useValueButtons } from "@/components/content/use-value-buttons";
import { DragHandle, useDragOrder } from "@/components/drag-handle";
import { toast } from "@/components/feedback/toast";
import type { JsonObject } from "@/flow-core/json";
import { buttonTranslation, withButtonTranslation } from "@/flow-core/response";
import { useCloseOutside } from "@/lib/use-close-outside";
import classes from "./responses.module.css";
import { AddButton, Section } from "./section";
import { type Language, useLanguages } from "./use-responses";
import { Translation } from "./variation-row";

interface ButtonRowsProps {
  title: string;
  icon: ReactNode;
  /** What the rows are called in `data-row`. */
  row: string;
  /** The slot that the response asks for. */
  slot: string | undefined;
  buttons: JsonObject[];
  problems: readonly Problem[];
  second: Language | undefined;
  /** The number of the edit in the page's history. */
  onChange: (buttons: JsonObject[]) => number;
  extra?: { label: string; run: () => void };
}

/** Buttons in their order, each with what it does in words, and its title in the other language. */
export function ButtonRows(props: ButtonRowsProps) {
  const { title, icon, row, slot, buttons, problems, second, onChange, extra } = props;
  const { t } = useTranslation("responses");
  const { assistantId, readOnly } = useContent();
  const { own } = useLanguages(assistantId);
  const [open, setOpen] = useState<number | null>(null);
  const move = (from: number, to: number) => {
    const moved = buttons[from];
    if (moved === undefined || to < 0 || to >= buttons.length) return;
    onChange(buttons.toSpliced(from, 1).toSpliced(to, 0, moved));
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(`[data-row="${row}-${to}"] button`)?.focus(),
    );
  };
  const drag = useDragOrder(move);
  const remove = (index: number) => {
    setOpen(null);
    toast.done(t("buttonDeleted"), { undo: onChange(buttons.toSpliced(index, 1)) });
  };
  const add = () => {
    onChange([...buttons, { title: "", payload: "" }]);
    setOpen(buttons.length);
  };
  return (
    <>
      <Section
        icon={icon}
        title={title}
        action={
          <>
            {extra && !readOnly ? <AddButton {...extra} onClick={extra.run} /> : null}
            <PerValue slot={slot} buttons={buttons} onChange={onChange} />
            <AddButton label={t("addButton")} onClick={add} />
          </>
        }
      />
      {buttons.map((button, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: buttons have no identity but their place
        <div className={classes["pair"]} key={index} {...drag.row(index)}>
          <div className={classes["source"]} data-row={`${row}-${index}`}>
            <ButtonRow
              button={button}
              slot={slot}
              open={open === index}
              handle={
                buttons.length > 1 && !readOnly ? <DragHandle {...drag.handle(index)} /> : null
              }
              onOpen={(opened) => setOpen(opened ? index : null)}
              onChange={(next) =>
                onChange(buttons.map((each, place) => (place === index ? next : each)))
              }
              onMove={(by) => move(index, index + by)}
              onRemove={() => remove(index)}
            />
            <FieldProblems
              problems={problems.filter(({ pointer }) =>
                new RegExp(`^/\\d+/buttons/${index}(/|$)`).test(pointer ?? ""),
              )}
            />
          </div>
          {second ? (
            <div className={classes["target"]} data-translation>
              <Translation
                label={t("translationOfButton", { number: index + 1, language: second.name })}
                own={own.name}
                language={second.code}
                source={String(button["title"] ?? "")}
                value={buttonTranslation(button, second.code)}
                back={`${row}-${index}`}
                onChange={(next) =>
                  onChange(
                    buttons.map((each, place) =>
                      place === index ? withButtonTranslation(each, second.code, next) : each,
                    ),
                  )
                }
              />
            </div>
          ) : null}
        </div>
      ))}
    </>
  );
}

interface ButtonRowProps {
  button: JsonObject;
  slot: string | undefined;
  open: boolean;
  handle: ReactNode;
  onOpen: (open: boolean) => void;
  onChange: (button: JsonObject) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}

function ButtonRow(props: ButtonRowProps) {
  const { button, slot, open, handle, onOpen, onChange, onMove, onRemove } = props;
  const { t } = useTranslation("responses");
  const { readOnly } = useContent();
  const effect = useEffectWords();
  useCloseOutside(open, () => onOpen(false));
  const title = String(button["title"] ?? "");
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey && event.key === "ArrowUp") onMove(-1);
    else if (event.altKey && event.key === "ArrowDown") onMove(1);
    else if (event.key === "Delete" && !readOnly) onRemove();
    else return;
    event.preventDefault();
  };
  return (
    <Popover
      opened={open}
      onChange={onOpen}
      width={340}
      trapFocus
      shadow="md"
      closeOnClickOutside={false}
    >
      <div className={classes["button"]}>
        {handle}
        <Popover.Target>
          <UnstyledButton
            className={classes["buttonOpen"]}
            onClick={() => onOpen(!open)}
            onKeyDown={onKeyDown}
          >
            <b dir="auto">{title || t("buttonUntitled")}</b>
            <span>{effect(button)}</span>
            <IconChevronRight size={14} stroke={1.75} aria-hidden="true" />
          </UnstyledButton>
        </Popover.Target>
      </div>
      <Popover.Dropdown
        onKeyDown={(event) => (event.key === "Escape" ? event.stopPropagation() : undefined)}
      >
        <ButtonForm button={button} onChange={onChange} onRemove={onRemove} slot={slot} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** What a button does, in a few words. */
function useEffectWords() {
  const { t } = useTranslation("responses");
  const { sources } = useContent();
  return (button: JsonObject): string => {
    const action = buttonAction(button);
    switch (action.does) {
      case "title":
        return t("effect.title");
      case "link":
        return t("effect.link", { url: action.url });
      case "set":
        return action.assignments
          .map(({ slot, value }) =>
            value === "null" ? t("effect.clear", { slot }) : t("effect.set", { slot, value }),
          )
          .join(", ");
      case "text": {
        const flow = flowOf(action.text, sources.flows);
        if (flow) return t("effect.flow", { name: flow.name });
        return t("effect.text", { text: action.text });
      }
    }
  };
}

interface PerValueProps {
  slot: string | undefined;
  buttons: JsonObject[];
  onChange: (buttons: JsonObject[]) => void;
}

/** A button for each value of the slot that is asked for, or of another choice. */
function PerValue({ slot, buttons, onChange }: PerValueProps) {
  const { t } = useTranslation("responses");
  const { sources, readOnly } = useContent();
  const buttonsFor = useValueButtons();
  const choices = [...sources.slots.values()].filter(({ id }) => buttonsFor(id, buttons));
  if (readOnly || choices.length === 0) return null;
  const addFor = (id: string) => onChange([...buttons, ...(buttonsFor(id, buttons) ?? [])]);
  if (slot !== undefined && choices.some(({ id }) => id === slot))
    return <AddButton label={t("perValue", { slot })} onClick={() => addFor(slot)} />;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <UnstyledButton className={classes["perValue"]}>{t("perValueOf")}</UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah={280} className={classes["scrolls"] ?? ""}>
        {choices.map(({ id }) => (
          <Menu.Item key={id} onClick={() => addFor(id)}>
            {id}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
