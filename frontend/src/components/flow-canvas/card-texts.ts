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
import { indexFlow } from "@/flow-core/walk";
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
    const flowName = (flow: string) => sources.flowName(flow) ?? humanise(flow);
    const step = (each: Step): CardText => {
      const text = defaultText(each);
      const title = ownTitle(each);
      return title ? { ...text, title } : text;
    };
    const defaultText = (each: Step): CardText => {
      const { fields } = each;
      switch (kindOf(each)) {
        case "message": {
          const name = textField(each, "action");
          return {
            title: humanise(name),
            subtitle: sources.responseText(name) ?? t("subtitles.noMessage"),
          };
        }
        case "collect": {
          const slot = textField(each, "collect");
          if (!slot) return { title: t("kinds.collect"), subtitle: t("titles.nothingYet") };
          const ask = textField(each, "utter") || `utter_ask_${slot}`;
          const text = sources.responseText(ask);
          return {
            title: t("titles.collect", { slot: humanise(slot).toLowerCase() }),
            subtitle: text ?? t("subtitles.noMessage"),
          };
        }
        case "action": {
          const name = textField(each, "action");
          return name
            ? { title: humanise(name), subtitle: name }
            : { title: t("kinds.action"), subtitle: t("titles.nothingYet") };
        }
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
    const calledTitle = (kind: "call" | "link", flow: string) =>
      flow ? t(`titles.${kind}`, { flow: flowName(flow) }) : t(`kinds.${kind}`);
    const slotSummary = (pairs: { slot: string; value: Json }[]) => {
      const [only] = pairs;
      if (pairs.length !== 1 || !only) return t("subtitles.slots", { count: pairs.length });
      return only.value === null
        ? t("subtitles.clear", { slot: only.slot })
        : `${only.slot} = ${sayValue(only.value, words)}`;
    };
    const logicTitle = (each: Step) =>
      kindOf(each) === "noop"
        ? step(each).title
        : ownTitle(each, "logic_title") || t("kinds.logic");
    const index = document ? indexFlow(document) : null;
    const jump = (card: Card): string => {
      const target = index?.byId.get(card.target ?? "");
      const from = index?.byKey.get(card.step ?? "");
      if (!target) return t("titles.nowhere", { step: card.target ?? "" });
      const back = from && target.index <= from.index;
      const name =
        target.step.next.kind === "branches" && kindOf(target.step) === "noop"
          ? logicTitle(target.step)
          : step(target.step).title;
      return t(back ? "titles.back" : "titles.on", { step: name });
    };
    const flowTitle = String(document?.header["name"] ?? "") || humanise(document?.flowId ?? "");
    const card = (each: Card): CardText => {
      if (each.kind === "start") return { title: capital(flowTitle) };
      if (each.kind === "end") return { title: t("kinds.end") };
      if (each.kind === "connect") return { title: jump(each) };
      const entry = each.step ? index?.byKey.get(each.step) : undefined;
      if (!entry) return { title: "" };
      return each.kind === "logic" ? { title: logicTitle(entry.step) } : step(entry.step);
    };
    const branch = (each: Branch) =>
      each.role === "else" ? t("else") : conditionSentence(each.fields["if"], words);
    return { flowTitle: capital(flowTitle), card, step, branch, words };
  }, [document, sources, t, words]);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
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
