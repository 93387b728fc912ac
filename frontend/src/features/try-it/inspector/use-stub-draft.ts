import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { VersionContent } from "@/api/types";
import { useProblemWords } from "@/components/content/slot-value-field";
import {
  draftOf,
  readDraft,
  readJson,
  type SlotDefinition,
  slotDefinition,
} from "@/components/content/slot-values";
import { isObject, type JsonObject, sameJson } from "@/flow-core/json";
import { answerOf, formOf } from "./stub-answer";

/** The form while it is edited: values of slots are text until they are read. */
export interface StubDraft {
  readonly texts: readonly string[];
  readonly slots: readonly { readonly name: string; readonly draft: string }[];
}

type Definitions = (slot: string) => SlotDefinition;

/** An answer as it is being written, in the form or, for experts and for what no form shows, as JSON. */
export function useStubDraft(stub: JsonObject | undefined, content: VersionContent | undefined) {
  const { t } = useTranslation("inspector");
  const definition: Definitions = (slot) => slotDefinition(content?.slots[slot], "");
  const first = stub ?? answerOf({ texts: [], slots: [] });
  const [form, setForm] = useState<StubDraft | null>(() => draftOfAnswer(first, definition));
  const [json, setJson] = useState(() => JSON.stringify(first, null, 2));
  const [problem, setProblem] = useState<string | null>(null);
  const problemOf = useProblemWords();
  const readForm = ({ texts, slots }: StubDraft): JsonObject | string => {
    const values = [];
    for (const { name, draft } of slots) {
      const read = readDraft(definition(name), draft);
      if (!name) return t("actions.noSlot");
      if (!("value" in read)) return `${name}: ${problemOf(read)}`;
      values.push({ name, value: read.value });
    }
    return answerOf({ texts, slots: values });
  };
  const readText = (): JsonObject | string => {
    const read = readJson(json);
    if (!("value" in read)) return t("actions.badJson", { problem: read.detail });
    return isObject(read.value) ? read.value : t("actions.notObject");
  };
  /** The answer; null when something is wrong with it, which then stands in `problem`. */
  const read = (): JsonObject | null => {
    const answer = form ? readForm(form) : readText();
    setProblem(typeof answer === "string" ? answer : null);
    return typeof answer === "string" ? null : answer;
  };
  const showJson = (wanted: boolean) => {
    const answer = read();
    if (!answer) return;
    const next = wanted ? null : draftOfAnswer(answer, definition);
    if (!wanted && !next) setProblem(t("actions.tooMuch"));
    setJson(JSON.stringify(answer, null, 2));
    setForm(next);
  };
  return { form, setForm, json, setJson, problem, setProblem, read, showJson, definition };
}

/** Null when the form would lose or change something. */
function draftOfAnswer(answer: JsonObject, definition: Definitions): StubDraft | null {
  const form = formOf(answer);
  const slots = form?.slots.map(({ name, value }) => {
    const draft = draftOf(definition(name), value);
    const read = readDraft(definition(name), draft);
    return "value" in read && sameJson(read.value, value) ? { name, draft } : null;
  });
  if (!form || !slots?.every((slot) => slot !== null)) return null;
  return { texts: form.texts, slots };
}
