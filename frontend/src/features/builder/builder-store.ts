import { type TemporalState, temporal } from "zundo";
import { createStore, type StoreApi } from "zustand";
import type { FlowDocument } from "@/flow-core/model";

export interface BuilderState {
  document: FlowDocument;
}

export type BuilderStore = StoreApi<BuilderState> & {
  temporal: StoreApi<TemporalState<BuilderState>>;
};

const UNDO_STEPS = 200;
const COALESCE_MS = 1500;

/** The flow being edited, with its own undo history. */
export function createBuilderStore(document: FlowDocument): BuilderStore {
  return createStore<BuilderState>()(
    temporal((): BuilderState => ({ document }), {
      limit: UNDO_STEPS,
      equality: (past, current) => past.document === current.document,
    }),
  );
}

/** Changes the flow. Keys typed into one field in a row (`field` names it) are taken back together. */
export function createEdit(store: BuilderStore) {
  let last = { field: "", at: 0 };
  return (change: (document: FlowDocument) => FlowDocument, field?: string): void => {
    const now = Date.now();
    const continues = field !== undefined && field === last.field && now - last.at < COALESCE_MS;
    last = { field: field ?? "", at: now };
    const { pause, resume } = store.temporal.getState();
    if (continues) pause();
    store.setState(({ document }) => ({ document: change(document) }));
    if (continues) resume();
  };
}

/** Takes over a document that did not come from this author; nothing to undo. */
export function replaceDocument(store: BuilderStore, document: FlowDocument): void {
  const { pause, resume } = store.temporal.getState();
  pause();
  store.setState({ document });
  resume();
}
