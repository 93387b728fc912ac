import { Select, TextInput, UnstyledButton } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { FlowItem, SlotItem } from "@/api/types";
import { IconButton } from "@/components/icon-button";
import type { JsonObject } from "@/flow-core/json";
import { type Assignment, actionOf, type ButtonAction, setSlots } from "@/flow-core/payload";
import classes from "./button-form.module.css";
import { useContent } from "./content-context";
import { SlotField } from "./slot-field";

const DOES = ["title", "set", "flow", "text", "link"] as const;
type Does = (typeof DOES)[number];

interface ButtonFormProps {
  button: JsonObject;
  onChange: (button: JsonObject) => void;
  onRemove: () => void;
  /** The slot that the response asks for. */
  slot?: string | undefined;
}

/** What a button is called and what it does, in words. */
export function ButtonForm({ button, onChange, onRemove, slot }: ButtonFormProps) {
  const { t } = useTranslation("content");
  const { readOnly, sources } = useContent();
  const action = buttonAction(button);
  const title = String(button["title"] ?? "");
  const begins =
    action.does === "text" && flowOf(action.text, sources.flows) ? "flow" : action.does;
  const [does, setDoes] = useState<Does>(begins);
  const choose = (chosen: Does) => {
    setDoes(chosen);
    onChange(beginning(chosen, button, sources.slots.get(slot ?? "")));
  };
  return (
    <div className={classes["form"]}>
      <TextInput
        label={t("buttonTitle")}
        value={title}
        readOnly={readOnly}
        data-autofocus
        onChange={(event) => onChange(withTitle(button, event.currentTarget.value, does))}
      />
      <Select
        label={t("buttonPayload")}
        data={DOES.map((value) => ({ value, label: t(`does.${value}`) }))}
        value={does}
        allowDeselect={false}
        disabled={readOnly}
        comboboxProps={IN_PLACE}
        onChange={(chosen) => choose((chosen ?? "title") as Does)}
      />
      {does === "set" ? (
        <Assignments
          assignments={action.does === "set" ? action.assignments : []}
          slot={slot ?? ""}
          onChange={(assignments) => onChange({ ...button, payload: setSlots(assignments) })}
        />
      ) : null}
      {does === "flow" ? (
        <Select
          label={t("buttonFlow")}
          searchable
          data={sources.flows.map((flow) => ({ value: flow.name, label: flow.name }))}
          value={flowOf(String(button["payload"] ?? ""), sources.flows)?.name ?? null}
          disabled={readOnly}
          comboboxProps={IN_PLACE}
          onChange={(name) => onChange({ ...button, payload: name ?? "" })}
        />
      ) : null}
      {does === "text" ? (
        <TextInput
          label={t("buttonText")}
          description={t("buttonTextHint")}
          value={String(button["payload"] ?? "")}
          readOnly={readOnly}
          onChange={(event) => onChange({ ...button, payload: event.currentTarget.value })}
        />
      ) : null}
      {does === "link" ? (
        <TextInput
          label={t("buttonUrl")}
          description={t("buttonUrlHint")}
          type="url"
          value={String(button["url"] ?? "")}
          readOnly={readOnly}
          onChange={(event) => onChange({ ...button, url: event.currentTarget.value })}
        />
      ) : null}
      {readOnly ? null : (
        <UnstyledButton className={classes["remove"]} onClick={onRemove}>
          <IconTrash size={16} stroke={1.75} aria-hidden="true" />
          {t("deleteButton")}
        </UnstyledButton>
      )}
    </div>
  );
}

/** Inside a popover: a click on a choice is none outside of it. */
const IN_PLACE = { withinPortal: false };

export function buttonAction(button: JsonObject): ButtonAction {
  const { title, payload, url, type } = button;
  if (url !== undefined || type === "web_url") return { does: "link", url: String(url ?? "") };
  return actionOf(String(title ?? ""), String(payload ?? ""));
}

export function flowOf(text: string, flows: readonly FlowItem[]): FlowItem | undefined {
  const wanted = text.trim().toLowerCase();
  return wanted ? flows.find(({ name }) => name.toLowerCase() === wanted) : undefined;
}

/** What a button says goes along with its title. */
export function withTitle(button: JsonObject, title: string, does: Does): JsonObject {
  return does === "title" ? { ...button, title, payload: title } : { ...button, title };
}

/** The button as it is when one has just chosen what it does. */
function beginning(does: Does, button: JsonObject, slot: SlotItem | undefined): JsonObject {
  const { url, type: _type, payload: _payload, ...rest } = button;
  const title = String(button["title"] ?? "");
  switch (does) {
    case "title":
      return { ...rest, payload: title };
    case "set":
      return { ...rest, payload: setSlots([{ slot: slot?.id ?? "", value: title }]) };
    case "flow":
    case "text":
      return { ...rest, payload: "" };
    case "link":
      return { ...rest, type: "web_url", url: url ?? "" };
  }
}

interface AssignmentsProps {
  assignments: readonly Assignment[];
  slot: string;
  onChange: (assignments: readonly Assignment[]) => void;
}

function Assignments({ assignments, slot, onChange }: AssignmentsProps) {
  const { t } = useTranslation("content");
  const { readOnly } = useContent();
  const shown = assignments.length > 0 ? assignments : [{ slot, value: "" }];
  const replace = (index: number, next: Assignment) =>
    onChange(shown.map((each, place) => (place === index ? next : each)));
  return (
    <div className={classes["rows"]}>
      {shown.map((assignment, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: assignments have no identity but their place
        <div className={classes["row"]} key={index}>
          <div className={classes["slot"]}>
            <SlotField
              label={t("condition.slot")}
              labelHidden
              value={assignment.slot}
              onChange={(name) => replace(index, { ...assignment, slot: name })}
            />
          </div>
          <SlotValue
            assignment={assignment}
            onChange={(value) => replace(index, { ...assignment, value })}
          />
          {shown.length > 1 && !readOnly ? (
            <IconButton
              size={28}
              label={t("removeAssignment")}
              onClick={() => onChange(shown.toSpliced(index, 1))}
            >
              <IconTrash size={16} stroke={1.75} />
            </IconButton>
          ) : null}
        </div>
      ))}
      {readOnly ? null : (
        <UnstyledButton
          className={classes["add"]}
          onClick={() => onChange([...shown, { slot: "", value: "" }])}
        >
          <IconPlus size={14} stroke={2} aria-hidden="true" />
          {t("addAssignment")}
        </UnstyledButton>
      )}
    </div>
  );
}

function SlotValue({
  assignment,
  onChange,
}: {
  assignment: Assignment;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation(["content", "canvas"]);
  const { sources, readOnly } = useContent();
  const slot = sources.slots.get(assignment.slot);
  const choices = choicesOf(slot, { yes: t("canvas:yes"), no: t("canvas:no") });
  if (choices) {
    const known = choices.some(({ value }) => value === assignment.value);
    const stored = { value: assignment.value, label: assignment.value };
    return (
      <Select
        aria-label={t("condition.value")}
        data={known || assignment.value === "" ? choices : [stored, ...choices]}
        value={assignment.value || null}
        disabled={readOnly}
        comboboxProps={IN_PLACE}
        onChange={(value) => onChange(value ?? "")}
      />
    );
  }
  return (
    <TextInput
      aria-label={t("condition.value")}
      value={assignment.value}
      readOnly={readOnly}
      onChange={(event) => onChange(event.currentTarget.value.replace(/[,()]/g, ""))}
    />
  );
}

export interface ValueChoice {
  value: string;
  label: string;
}

/** The values that a slot can have, where they are few. */
export function choicesOf(
  slot: SlotItem | undefined,
  words: { yes: string; no: string },
): ValueChoice[] | null {
  if (slot?.type === "bool")
    return [
      { value: "true", label: words.yes },
      { value: "false", label: words.no },
    ];
  const values = slot?.values?.map(String) ?? [];
  return values.length > 0 ? values.map((value) => ({ value, label: value })) : null;
}
