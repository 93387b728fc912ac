import type { TFunction } from "i18next";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type ConditionWords, conditionSentence, OPERATORS } from "@/flow-core/condition";
import type { Card } from "@/flow-core/graph";
import type { Json } from "@/flow-core/json";
import { isObject } from "@/flow-core/json";
import {
  type Branch,
  type FlowDocument,
  kindOf,
  type Step,
  slotAssignments,
  textField,
} from "@/flow-core/model";
import { type FlowIndex, indexFlow } from "@/flow-core/walk";
import { capitalised } from "@/lib/capitalised";
import { humanise } from "@/lib/humanise";

export interface CardText {
  readonly title: string;
  readonly subtitle?: string;
}

/** What cards say beyond their own flow: first texts of responses, names of other flows. */
export interface CardSources {
  readonly responseText: (response: string) => string | undefined;
  readonly flowName: (flow: string) => string | undefined;
}

export interface CardTexts {
  readonly flowTitle: string;
  readonly card: (card: Card) => CardText;
  readonly step: (step: Step) => CardText;
  /** Of a jump from a step (by key) to another one (by id). */
  readonly jump: (from: string, to: string) => string;
  readonly branch: (branch: Branch) => string;
  readonly words: ConditionWords;
}

/** The label a person gave to a step lives in its metadata, which every runtime leaves alone. */
export function ownTitle(step: Step, name: "title" | "logic_title" = "title"): string {
  const { metadata } = step.fields;
  const title = isObject(metadata) ? metadata[name] : undefined;
  return typeof title === "string" ? title : "";
}

export function useConditionWords(): ConditionWords {
  const { t } = useTranslation("canvas");
  return useMemo(
    () => ({
      operators: Object.fromEntries(
        OPERATORS.map((each) => [each, t(`operators.${each}`)]),
      ) as ConditionWords["operators"],
      and: t("and"),
      or: t("or"),
      yes: t("yes"),
      no: t("no"),
      missing: t("noCondition"),
    }),
    [t],
  );
}

/** The words on every card and chip of a flow. */
export function useCardTexts(document: FlowDocument | null, sources: CardSources): CardTexts {
  const { t } = useTranslation("canvas");
  const words = useConditionWords();
  return useMemo((): CardTexts => {
    const step = stepTexts(t, sources, words);
    const logicTitle = (each: Step) =>
      kindOf(each) === "noop"
        ? step(each).title
        : ownTitle(each, "logic_title") || t("kinds.logic");
    const index = document ? indexFlow(document) : null;
    const jump = (origin: string, id: string) => jumpText(t, index, step, origin, id);
    const flowTitle = flowTitleOf(document);
    const parts = { flowTitle, end: t("kinds.end"), step, logicTitle, jump };
    const card = (each: Card) => cardText(each, index, parts);
    const branch = (each: Branch) =>
      each.role === "else" ? t("else") : conditionSentence(each.fields["if"], words);
    return { flowTitle, card, step, jump, branch, words };
  }, [document, sources, t, words]);
}

/** The words for a step by what it does, or the title a person gave it. */
function stepTexts(
  t: CanvasText,
  sources: CardSources,
  words: ConditionWords,
): (step: Step) => CardText {
  const flowName = (flow: string) => sources.flowName(flow) ?? humanise(flow);
  const step = (each: Step): CardText => {
    const text = defaultText(each);
    const title = ownTitle(each);
    return title ? { ...text, title } : text;
  };
  const defaultText = (each: Step): CardText => {
    const { fields } = each;
    switch (kindOf(each)) {
      case "message":
        return messageText(textField(each, "action"));
      case "collect":
        return collectText(textField(each, "collect"), textField(each, "utter"));
      case "action":
        return actionText(textField(each, "action"));
      case "set_slots":
        return { title: t("titles.slots"), subtitle: slotSummary(slotAssignments(each)) };
      case "call":
        return {
          title: calledTitle("call", textField(each, "call")),
          subtitle: t("subtitles.call"),
        };
      case "link":
        return {
          title: calledTitle("link", textField(each, "link")),
          subtitle: t("subtitles.link"),
        };
      case "noop":
        return { title: each.next.kind === "branches" ? t("kinds.logic") : t("kinds.noop") };
      default:
        return { title: t("kinds.unknown"), subtitle: Object.keys(fields).join(", ") };
    }
  };
  const notChosen = (kind: "message" | "collect" | "action"): CardText => ({
    title: t(`kinds.${kind}`),
    subtitle: t("titles.nothingYet"),
  });
  const said = (response: string) => sources.responseText(response) ?? t("subtitles.noMessage");
  const messageText = (name: string): CardText =>
    name === "utter_" ? notChosen("message") : { title: humanise(name), subtitle: said(name) };
  const collectText = (slot: string, ask: string): CardText =>
    slot === ""
      ? notChosen("collect")
      : {
          title: t("titles.collect", { slot: humanise(slot).toLowerCase() }),
          subtitle: said(ask || `utter_ask_${slot}`),
        };
  const actionText = (name: string): CardText =>
    name === "" ? notChosen("action") : { title: humanise(name), subtitle: name };
  const calledTitle = (kind: "call" | "link", flow: string) =>
    flow ? t(`titles.${kind}`, { flow: flowName(flow) }) : t(`kinds.${kind}`);
  const slotSummary = (pairs: { slot: string; value: Json }[]) => {
    const [only] = pairs;
    if (!only) return t("subtitles.noSlot");
    if (pairs.length > 1) return pairs.map(({ slot }) => slot).join(", ");
    return only.value === null
      ? t("subtitles.clear", { slot: only.slot })
      : `${only.slot} = ${sayValue(only.value, words)}`;
  };
  return step;
}

type CanvasText = TFunction<"canvas">;

interface CardParts {
  flowTitle: string;
  end: string;
  step: (step: Step) => CardText;
  logicTitle: (step: Step) => string;
  jump: (from: string, to: string) => string;
}

function cardText(card: Card, index: FlowIndex | null, parts: CardParts): CardText {
  if (card.kind === "start") return { title: parts.flowTitle };
  if (card.kind === "end") return { title: parts.end };
  const found = card.step === null ? undefined : index?.byKey.get(card.step)?.step;
  if (!found) return { title: "" };
  if (card.kind === "connect") return { title: parts.jump(found.key, card.target ?? "") };
  return card.kind === "logic" ? { title: parts.logicTitle(found) } : parts.step(found);
}

/** "Back to …" for a loop, "On to …" for the other direction. */
function jumpText(
  t: CanvasText,
  index: FlowIndex | null,
  say: (step: Step) => CardText,
  origin: string,
  id: string,
): string {
  const target = index?.byId.get(id);
  if (!target) return t("titles.nowhere", { step: id });
  const from = index?.byKey.get(origin);
  const back = from !== undefined && target.index <= from.index;
  return t(back ? "titles.back" : "titles.on", { step: say(target.step).title });
}

function flowTitleOf(document: FlowDocument | null): string {
  const name = String(document?.header["name"] ?? "");
  return capitalised(name || humanise(document?.flowId ?? ""));
}

/** A slot's value as people read it. */
export function sayValue(
  value: Json | undefined,
  words: Pick<ConditionWords, "yes" | "no">,
): string {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  return String(value ?? "");
}
