import { createStore, type StoreApi } from "zustand";
import { isObject } from "@/flow-core/json";
import { mergeBodies, resolve } from "@/flow-core/merge";
import type { FlowDocument } from "@/flow-core/model";
import { parseFlow, serialiseFlow } from "@/flow-core/parse";
import { rememberEdit } from "@/lib/undo";

/** The flow being edited. */
export type BuilderStore = StoreApi<{ document: FlowDocument }>;

export function createBuilderStore(document: FlowDocument): BuilderStore {
  return createStore(() => ({ document }));
}

/**
 * Changes the flow, as one entry of the page's history, whose number comes back. Keys typed into one field in a row
 * (`field` names it) are taken back together.
 */
export function createEdit(store: BuilderStore, flowId: string) {
  return (change: (document: FlowDocument) => FlowDocument, field?: string): number => {
    const from = store.getState().document;
    const to = change(from);
    store.setState({ document: to });
    const bring = (before: FlowDocument, after: FlowDocument) =>
      store.setState(({ document }) => ({
        document: document === before ? after : joined(flowId, before, after, document),
      }));
    return rememberEdit({ from, to, bring }, field);
  };
}

/** An edit taken over into a flow that others' work came into since. */
function joined(
  flowId: string,
  before: FlowDocument,
  after: FlowDocument,
  now: FlowDocument,
): FlowDocument {
  const merged = mergeBodies(serialiseFlow(before), serialiseFlow(after), serialiseFlow(now));
  const body = resolve(merged, "mine");
  return (isObject(body) && parseFlow(flowId, body)) || after;
}

/** Takes over a document that did not come from this author; nothing to undo. */
export function replaceDocument(store: BuilderStore, document: FlowDocument): void {
  store.setState({ document });
}
