import { createContext, use } from "react";
import type { ActionItem, FlowItem, ResponseItem, SlotItem } from "@/api/types";

/** Content of the assistant that fields offer. */
export interface Sources {
  flows: readonly FlowItem[];
  responses: ReadonlyMap<string, ResponseItem>;
  slots: ReadonlyMap<string, SlotItem>;
  actions: readonly ActionItem[];
}

/** What every editor of content needs to know about its surroundings. */
export interface Content {
  assistantId: string;
  /** No right to change content: everything is shown, nothing can be edited. */
  readOnly: boolean;
  sources: Sources;
}

export const ContentContext = createContext<Content | null>(null);

export function useContent(): Content {
  const content = use(ContentContext);
  if (!content) throw new Error("An editor of content stands outside of a page of content");
  return content;
}
