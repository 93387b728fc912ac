import { createContext, use } from "react";
import { useStore } from "zustand";
import type { Autosaver } from "@/api/autosave";
import type {
  ActionItem,
  FlowItem,
  JsonObject,
  Problem,
  ResponseItem,
  SlotItem,
} from "@/api/types";
import type { CardTexts } from "@/components/flow-canvas/card-texts";
import type { FlowDocument } from "@/flow-core/model";
import type { BuilderStore } from "./builder-store";
import type { Selection } from "./selection";

/** Other content of the assistant that the panels offer. */
export interface Sources {
  flows: readonly FlowItem[];
  responses: ReadonlyMap<string, ResponseItem>;
  slots: ReadonlyMap<string, SlotItem>;
  actions: readonly ActionItem[];
}

export interface Builder {
  assistantId: string;
  flowId: string;
  /** No right to change content: everything is shown, nothing can be edited. */
  readOnly: boolean;
  store: BuilderStore;
  saver: Autosaver<JsonObject>;
  edit: (change: (document: FlowDocument) => FlowDocument, field?: string) => void;
  select: (selection: Selection | null) => void;
  sources: Sources;
  texts: CardTexts;
  problems: readonly Problem[];
}

export const BuilderContext = createContext<Builder | null>(null);

export function useBuilder(): Builder {
  const builder = use(BuilderContext);
  if (!builder) throw new Error("A part of the builder stands outside of it");
  return builder;
}

export function useDocument(): FlowDocument {
  return useStore(useBuilder().store, (state) => state.document);
}
