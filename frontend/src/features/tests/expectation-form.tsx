import { Button, Select, TextInput } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ChoiceField } from "@/components/content/choice-field";
import { useContent } from "@/components/content/content-context";
import { ResponseField } from "@/components/content/response-field";
import { type Expectation, type FlowEvent, shownValue, typedValue } from "./talk";
import classes from "./tests.module.css";

/** What can be chosen; "slotNot" and "answersNot" are expected not to happen. */
const CHOICES = [
  ...["response", "words", "flow_started", "flow_completed", "flow_cancelled"],
  ...["slot", "action", "responseNot", "wordsNot", "slotNot"],
] as const;
type Choice =
  | "response"
  | "words"
  | "slot"
  | "responseNot"
  | "wordsNot"
  | "slotNot"
  | "action"
  | FlowEvent;

interface ExpectationFormProps {
  /** Null: a new one. */
  value: Expectation | null;
  /** Null: what was written is empty, so nothing is expected here. */
  onDone: (expects: Expectation | null) => void;
  onCancel: () => void;
}

/** One expectation being written; Enter takes it, Escape leaves it as it was. */
export function ExpectationForm({ value, onDone, onCancel }: ExpectationFormProps) {
  const { t } = useTranslation("tests");
  const { sources } = useContent();
  const [choice, setChoice] = useState<Choice>(choiceOf(value));
  const [name, setName] = useState(nameOf(value));
  const [text, setText] = useState(textOf(value));
  const valueField = useRef<HTMLInputElement>(null);
  const isPattern = value?.kind === "words" && value.isPattern;
  const take = (chosen = name) => {
    const expects = expectationOf(choice, chosen.trim(), text, isPattern);
    if (expects || value) onDone(expects);
    else onCancel();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const field = event.target;
    // An open list of choices takes the keys first.
    if (field instanceof HTMLElement && field.getAttribute("aria-expanded") === "true") return;
    if (event.key === "Escape") {
      event.stopPropagation();
      onCancel();
    } else if (
      event.key === "Enter" &&
      field instanceof HTMLInputElement &&
      field.type === "text"
    ) {
      if (field.hasAttribute("data-value")) {
        event.preventDefault();
        take();
      }
    }
  };
  const isFlow = choice.startsWith("flow_");
  const isSlot = choice === "slot" || choice === "slotNot";
  const isWords = choice === "words" || choice === "wordsNot";
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the fields within
    <div className={classes["form"]} onKeyDown={onKeyDown}>
      <Select
        aria-label={t("expect")}
        data={CHOICES.map((each) => ({ value: each, label: t(`choices.${each as Choice}`) }))}
        value={choice}
        allowDeselect={false}
        autoFocus={value === null}
        onChange={(chosen) => {
          setChoice((chosen as Choice | null) ?? "response");
          setName("");
        }}
      />
      {isFlow ? (
        <ChoiceField
          key={choice}
          label={t("fields.flow")}
          labelHidden
          value={name}
          choices={sources.flows.map((flow) => ({
            value: flow.id,
            label: flow.name,
            hint: flow.id,
          }))}
          onChange={take}
        />
      ) : choice === "action" ? (
        <ChoiceField
          label={t("fields.action")}
          labelHidden
          value={name}
          choices={sources.actions.map(({ id }) => ({ value: id, label: id }))}
          onChange={take}
        />
      ) : isSlot ? (
        <>
          <ChoiceField
            label={t("fields.slot")}
            labelHidden
            value={name}
            choices={[...sources.slots.values()].map(({ id }) => ({ value: id, label: id }))}
            onChange={(slot) => {
              setName(slot);
              valueField.current?.focus();
            }}
          />
          <TextInput
            ref={valueField}
            data-value
            aria-label={t("fields.value")}
            placeholder={t("anyValue")}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        </>
      ) : isWords ? (
        <TextInput
          data-value
          aria-label={t("fields.words")}
          placeholder={t("fields.words")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      ) : (
        <ResponseField label={t("fields.response")} value={name} onChange={take} />
      )}
      <div className={classes["formEnd"]}>
        {isSlot || isWords ? (
          <Button size="xs" disabled={!name.trim()} onClick={() => take()}>
            {t("done")}
          </Button>
        ) : null}
        <Button size="xs" variant="subtle" color="gray" onClick={onCancel}>
          {t("cancel")}
        </Button>
      </div>
    </div>
  );
}

function choiceOf(value: Expectation | null): Choice {
  switch (value?.kind) {
    case "flow":
      return value.event;
    case "slot":
      return value.isSet ? "slot" : "slotNot";
    case "words":
      return value.isSaid ? "words" : "wordsNot";
    case "response":
      return value.isSaid ? "response" : "responseNot";
    case "action":
      return "action";
    default:
      return "response";
  }
}

function nameOf(value: Expectation | null): string {
  switch (value?.kind) {
    case "flow":
      return value.flow;
    case "slot":
      return value.slot;
    case "words":
      return value.text;
    case "response":
      return value.response;
    case "action":
      return value.action;
    default:
      return "";
  }
}

const textOf = (value: Expectation | null): string =>
  value?.kind === "slot" && value.value !== undefined ? shownValue(value.value) : "";

function expectationOf(
  choice: Choice,
  name: string,
  text: string,
  isPattern: boolean,
): Expectation | null {
  if (!name) return null;
  switch (choice) {
    case "slot":
    case "slotNot": {
      const typed = text.trim() === "" ? {} : { value: typedValue(text.trim()) };
      return { kind: "slot", slot: name, isSet: choice === "slot", ...typed };
    }
    case "words":
    case "wordsNot":
      return { kind: "words", text: name, isPattern, isSaid: choice === "words" };
    case "response":
    case "responseNot":
      return { kind: "response", response: name, isSaid: choice === "response" };
    case "action":
      return { kind: "action", action: name };
    default:
      return { kind: "flow", event: choice, flow: name };
  }
}
