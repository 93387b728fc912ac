import { createContext, use } from "react";
import { createStore, type StoreApi, useStore } from "zustand";
import type { FlowGraph } from "@/flow-core/graph";
import type { CardText } from "./card-texts";

export interface Mark {
  readonly errors: number;
  readonly warnings: number;
}

/** What a conversation did in the flow. */
export interface Progress {
  readonly passed: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly current: string | null;
  /** Said in the place of the subtitle, such as "amount = 250". */
  readonly values: ReadonlyMap<string, string>;
}

/** What changes often and concerns single cards; each card listens to its own part only. */
export interface CanvasState {
  selected: string | null;
  focused: string | null;
  hoveredEdge: string | null;
  hoveredCard: string | null;
  /** The edge whose + has its menu open. */
  addingAt: string | null;
  texts: ReadonlyMap<string, CardText>;
  marks: ReadonlyMap<string, Mark>;
  progress: Progress | null;
  /** What the whole flow takes. */
  bounds: FlowGraph["bounds"];
}

export type CanvasStore = StoreApi<CanvasState>;

export const createCanvasStore = (): CanvasStore =>
  createStore(() => ({
    selected: null,
    focused: null,
    hoveredEdge: null,
    hoveredCard: null,
    addingAt: null,
    texts: new Map(),
    marks: new Map(),
    progress: null,
    bounds: { x: 0, y: 0, width: 0, height: 0 },
  }));

export const CanvasStoreContext = createContext<CanvasStore | null>(null);

export function useCanvasStore(): CanvasStore {
  const store = use(CanvasStoreContext);
  if (!store) throw new Error("A part of the canvas stands outside of it");
  return store;
}

export function useCanvas<Part>(part: (state: CanvasState) => Part): Part {
  return useStore(useCanvasStore(), part);
}
