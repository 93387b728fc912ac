import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import type { VersionContent } from "@/api/types";
import { versionContentQuery, versionsQuery } from "@/api/versions";
import type { FlowDocument } from "@/flow-core/model";
import { parseFlow } from "@/flow-core/parse";
import { type Conversation, conversationWith } from "./conversation";
import { type Choice, choiceOf, leaveTalk, stayWith, useTalks } from "./talks";

/** A newer version than the one that somebody talks to. */
export interface Offer {
  number: number;
  /** A new conversation is with it, too. */
  anew: boolean;
  accept: () => void;
}

export interface Chat extends Omit<Choice, "newer"> {
  loading: boolean;
  error: Error | null;
  retry: () => void;
  offer: Offer | null;
  conversation: Conversation | null;
  content: VersionContent | undefined;
  /** The flows of that version, ready to be drawn. */
  documents: ReadonlyMap<string, FlowDocument>;
}

export function useChat(assistantId: string, wanted: string | undefined): Chat {
  const list = useQuery(versionsQuery(assistantId));
  const talk = useTalks((talks) => talks[assistantId]);
  const navigate = useNavigate();
  const { version, newer, deleted } = choiceOf(list.data?.results ?? [], wanted, talk);
  const answers = version?.status === "ready" && version.chat_url !== null;
  const content = useQuery({
    ...versionContentQuery(assistantId, version?.id ?? ""),
    enabled: version !== null,
  });
  const documents = useMemo(() => {
    const parsed = Object.entries(content.data?.flows ?? {}).flatMap(
      ([id, body]) => parseFlow(id, body) ?? [],
    );
    return new Map(parsed.map((document) => [document.flowId, document]));
  }, [content.data]);
  const chatUrl = answers ? version.chat_url : null;
  const { id = "", number = 0 } = version ?? {};
  const conversation = useMemo(() => {
    if (!chatUrl) return null;
    return conversationWith(chatUrl, (talking) =>
      talking ? stayWith(assistantId, { id, number }) : leaveTalk(assistantId),
    );
  }, [chatUrl, assistantId, id, number]);
  useEffect(() => conversation?.hold(), [conversation]);
  const elsewhere = talk !== undefined && version !== null && talk.id !== version.id;
  // Another version was asked for, or none is left of the one before.
  useEffect(() => {
    if (elsewhere) leaveTalk(assistantId);
  }, [elsewhere, assistantId]);
  const accept = () => {
    leaveTalk(assistantId);
    if (!wanted) return;
    const search = (before: object) => ({ ...before, version: undefined, turn: undefined });
    void navigate({ to: ".", search });
  };
  return {
    version,
    deleted,
    offer: newer && { number: newer.number, anew: wanted === undefined, accept },
    loading: list.isPending,
    error: list.error,
    retry: () => void list.refetch(),
    conversation,
    content: content.data,
    documents,
  };
}
