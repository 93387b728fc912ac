import { createContext, use, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Version, VersionContent } from "@/api/types";
import { sayValue, useCardTexts } from "@/components/flow-canvas/card-texts";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";
import type { FlowDocument } from "@/flow-core/model";
import { branchBetween } from "@/flow-core/walk";
import type { Conversation, ConversationState } from "../conversation";
import { messagesOf, type Place } from "../tracker";
import { type PlaceTexts, useVersionSources } from "../use-place-texts";
import { type Latency, latencyOf } from "./latency";
import { type SlotChange, slotChanges } from "./slot-history";
import type { Turn } from "./turns";
import type { Turns } from "./use-turns";

/** What the parts of the inspector look into, all derived from the events of the session. */
export interface Inspection extends Turns {
  assistantId: string;
  version: Version;
  conversation: Conversation;
  state: ConversationState;
  content: VersionContent | undefined;
  documents: ReadonlyMap<string, FlowDocument>;
  places: PlaceTexts;
  changes: ReadonlyMap<number, SlotChange>;
  initial: Readonly<JsonObject>;
  /** Whether an action is one of the assistant's own. */
  isCustom: (action: string) => boolean;
  latency: (turn: Turn) => Latency;
  /** What the person said at an event; a pressed button reads as its title. */
  said: ReadonlyMap<number, string>;
  /** A value as people read it; "nothing" for none. */
  say: (value: Json) => string;
  time: (milliseconds: number) => string;
  flowName: (flow: string) => string;
  /** The condition under which a step led to another one, in words; null where it has no branches. */
  branchTaken: (from: Place, to: Place) => string | null;
}

type Given = Omit<
  Inspection,
  | "changes"
  | "initial"
  | "isCustom"
  | "said"
  | "latency"
  | "say"
  | "time"
  | "flowName"
  | "branchTaken"
>;

export function useInspectionOf(given: Given): Inspection {
  const { events, content, documents, places } = given;
  const { t, i18n } = useTranslation("inspector");
  const { branch, words } = useCardTexts(null, useVersionSources(content));
  const initial = useMemo(() => initialValues(content), [content]);
  const changes = useMemo(() => slotChanges(events, initial), [events, initial]);
  const said = useMemo(
    () => new Map(messagesOf(events).map(({ index, text }) => [index ?? -1, text])),
    [events],
  );
  const tools = useMemo(() => {
    const custom = new Set(content?.actions);
    const isCustom = (action: string) => custom.has(action);
    return {
      isCustom,
      latency: (turn: Turn) => latencyOf(turn, isCustom),
      say: (value: Json) => (value === null ? t("nothingValue") : sayValue(value, words)),
      time: (milliseconds: number) => sayTime(milliseconds, i18n.language),
      flowName: (flow: string) => places({ flow, step: "" }).flow,
      branchTaken: (from: Place, to: Place) => {
        const document = documents.get(from.flow);
        const taken = document && branchBetween(document, from.step, to.step);
        return taken ? branch(taken) : null;
      },
    };
  }, [content, documents, places, branch, t, words, i18n.language]);
  return { ...given, ...tools, initial, changes, said };
}

function initialValues(content: VersionContent | undefined): JsonObject {
  const slots = Object.entries(content?.slots ?? {});
  return Object.fromEntries(
    slots.map(([name, body]) => [name, isObject(body) ? (body["initial_value"] ?? null) : null]),
  );
}

function sayTime(milliseconds: number, language: string): string {
  const seconds = milliseconds >= 1000;
  const value = seconds ? milliseconds / 1000 : milliseconds;
  const digits = value < 10 ? 1 : 0;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  return `${number} ${seconds ? "s" : "ms"}`;
}

export const InspectionContext = createContext<Inspection | null>(null);

export function useInspection(): Inspection {
  const inspection = use(InspectionContext);
  if (!inspection) throw new Error("There is no inspection here");
  return inspection;
}
