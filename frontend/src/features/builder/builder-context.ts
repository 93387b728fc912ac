import { createContext, use } from "react";
import { useStore } from "zustand";
import type { Autosaver } from "@/api/autosave";
import type { JsonObject } from "@/api/types";
import type { Content } from "@/components/content/content-context";
import type { ShownProblem } from "@/components/content/use-unfinished";
import type { CardTexts } from "@/components/flow-canvas/card-texts";
import type { FlowDocument } from "@/flow-core/model";
import type { BuilderStore } from "./builder-store";
import type { Selection } from "./selection";

export interface Builder extends Content {
  flowId: string;
  store: BuilderStore;
  saver: Autosaver<JsonObject>;
  /** Changes the flow, as one entry of the page's history; its number. */
  edit: (change: (document: FlowDocument) => FlowDocument, field?: string) => number;
  select: (selection: Selection | null) => void;
  /** The response whose first words are asked for; a new object for each time. */
  writing: { readonly response: string } | null;
  write: (response: string) => void;
  texts: CardTexts;
  problems: readonly ShownProblem[];
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
