import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import type { Version, VersionContent } from "@/api/types";
import { versionContentQuery, versionsQuery } from "@/api/versions";
import type { FlowDocument } from "@/flow-core/model";
import { parseFlow } from "@/flow-core/parse";
import { type Conversation, conversationWith } from "./conversation";

export interface Chat {
  loading: boolean;
  error: Error | null;
  retry: () => void;
  /** The version to talk to: the wanted one, else the newest that answers, else the newest asleep. */
  version: Version | null;
  conversation: Conversation | null;
  content: VersionContent | undefined;
  /** The flows of that version, ready to be drawn. */
  documents: ReadonlyMap<string, FlowDocument>;
}

export function useChat(assistantId: string, wanted: string | undefined): Chat {
  const list = useQuery(versionsQuery(assistantId));
  const version = chosen(list.data?.results ?? [], wanted);
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
  const conversation = useMemo(() => (chatUrl ? conversationWith(chatUrl) : null), [chatUrl]);
  useEffect(() => conversation?.hold(), [conversation]);
  return {
    loading: list.isPending,
    error: list.error,
    retry: () => void list.refetch(),
    version,
    conversation,
    content: content.data,
    documents,
  };
}

function chosen(versions: readonly Version[], wanted: string | undefined): Version | null {
  return (
    versions.find((version) => version.id === wanted) ??
    versions.find((version) => version.status === "ready") ??
    versions.find((version) => version.status === "inactive") ??
    versions.find((version) => version.status === "deploying" || version.status === "training") ??
    null
  );
}
