import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { VersionContent } from "@/api/types";
import { type CardSources, useCardTexts } from "@/components/flow-canvas/card-texts";
import type { CardKind } from "@/components/steps/step-kinds";
import { isObject } from "@/flow-core/json";
import { type FlowDocument, kindOf, type Step } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";
import { humanise } from "@/lib/humanise";
import type { Place } from "./tracker";

export interface PlaceText {
  flow: string;
  step: string;
  kind: CardKind;
  /** The step in the builder. */
  address: string;
}

export type PlaceTexts = (place: Place) => PlaceText;

const PATTERNS = [
  "session_start",
  "completed",
  "chitchat",
  "cancel_flow",
  "continue_interrupted",
  "correction",
  "clarification",
  "cannot_handle",
  "internal_error",
  "search",
  "human_handoff",
  "skip_question",
] as const;

/** Says a place in a flow in words: "Transfer money, Collect amount". */
export function usePlaceTexts(
  assistantId: string,
  content: VersionContent | undefined,
  documents: ReadonlyMap<string, FlowDocument>,
): PlaceTexts {
  const { t } = useTranslation("try-it");
  const { step: stepText } = useCardTexts(null, useVersionSources(content));
  return useCallback(
    ({ flow, step }) => {
      const document = documents.get(flow);
      const entry = document && indexFlow(document).byId.get(step);
      const pattern = PATTERNS.find((each) => flow === `pattern_${each}`);
      const name = document?.header["name"];
      const kind = entry ? lookOf(entry.step) : "message";
      return {
        flow: pattern
          ? t(`patterns.${pattern}`)
          : humanise(typeof name === "string" && name ? name : flow),
        step: entry
          ? stepText(entry.step).title
          : humanise(step.replace(`${flow}_`, "").replace(/^\d+_/, "")),
        kind,
        address: `/assistants/${assistantId}/flows/${flow}?step=${encodeURIComponent(step)}${flow.startsWith("pattern_") ? "&system=1" : ""}`,
      };
    },
    [assistantId, documents, stepText, t],
  );
}

function lookOf(step: Step): CardKind {
  const kind = kindOf(step);
  if (kind !== "noop" && kind !== "unknown") return kind;
  return step.next.kind === "branches" ? "logic" : "noop";
}

/** First texts of responses and names of flows, as they were in that version. */
export function useVersionSources(content: VersionContent | undefined): CardSources {
  return useMemo(
    () => ({
      responseText: (response) => {
        const list = content?.responses[response];
        const first = Array.isArray(list) ? list[0] : undefined;
        const text = isObject(first) ? first["text"] : undefined;
        return typeof text === "string" ? text : undefined;
      },
      flowName: (flow) => {
        const name = content?.flows[flow]?.["name"];
        return typeof name === "string" ? name : undefined;
      },
    }),
    [content],
  );
}
