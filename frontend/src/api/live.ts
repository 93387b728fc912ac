import { type QueryClient, type QueryFilters, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { config } from "@/lib/config";
import { meQuery } from "./me";
import { accessToken, onFreshToken } from "./session";
import type { Person, Version } from "./types";
import { comparedKey } from "./understanding";
import { unusedKey } from "./unused";

export type LiveMessage =
  | {
      type: "item.changed";
      assistant: string;
      branch: string;
      kind: string;
      id: string;
      revision: number;
      action: string;
      actor: Person | null;
    }
  | { type: "version.changed"; assistant: string; version: Version }
  | { type: "version.deleted"; assistant: string; id: string }
  | { type: "assistant.changed"; assistant: string }
  | { type: "conversation.changed"; assistant: string; conversations: string[] };

type Listener = (message: LiveMessage) => void;

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** One socket to `/api/ws/` for the whole page; it comes back by itself and renews its own token. */
export class LiveConnection {
  private socket: WebSocket | undefined;
  private delay = FIRST_DELAY_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;
  private stopTokens: () => void;
  private readonly address: string;
  private readonly subject: string;
  private readonly onMessage: Listener;
  /** What was fetched before this moment may have changed unheard: whoever listens should ask again. */
  private readonly onSubscribed: () => void;

  constructor(subject: string, onMessage: Listener, onSubscribed: () => void) {
    this.address = `${config.apiOrigin.replace(/^http/, "ws")}/api/ws/`;
    this.subject = subject;
    this.onMessage = onMessage;
    this.onSubscribed = onSubscribed;
    this.stopTokens = onFreshToken((token) => this.send({ type: "authenticate", token }));
    void this.open();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.stopTokens();
    this.socket?.close();
  }

  private send(message: object): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private async open(): Promise<void> {
    const token = await accessToken();
    if (this.closed) return;
    if (!token) {
      this.retry();
      return;
    }
    const socket = new WebSocket(this.address);
    this.socket = socket;
    let subscribed = false;
    socket.addEventListener("open", () => this.send({ type: "authenticate", token }));
    socket.addEventListener("close", () => this.retry());
    socket.addEventListener("message", (event) => {
      const message = JSON.parse(String(event.data)) as { type: string };
      if (message.type === "authenticated") {
        this.delay = FIRST_DELAY_MS;
        if (!subscribed) this.send({ type: "subscribe", assistant: this.subject });
        subscribed = true;
      } else if (message.type === "subscribed") {
        this.onSubscribed();
      } else if (/\.(changed|deleted)$/.test(message.type)) {
        this.onMessage(message as LiveMessage);
      }
    });
  }

  private retry(): void {
    if (this.closed) return;
    this.timer = setTimeout(() => void this.open(), this.delay);
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS);
  }
}

/** By the kind of the item: what is listed and read of it. Flows and slots name intents and entities. */
const PARTS_OF_KINDS: Record<string, readonly string[]> = {
  flow: ["flows", "understanding", "uses"],
  response: ["responses", "uses"],
  slot: ["slots", "understanding", "uses"],
  action: ["actions"],
  file: ["files", "tests"],
  intent: ["understanding"],
  entity: ["understanding"],
  nlu: ["understanding", "word-lists"],
};

/** Marks as stale. An answer that is on its way for the first time may be older than the change, and is asked for again. */
function refresh(client: QueryClient, filters: QueryFilters): void {
  const first = client
    .getQueryCache()
    .findAll({ ...filters, fetchStatus: "fetching" })
    .filter((query) => query.state.data === undefined);
  void client.invalidateQueries(filters);
  for (const query of first) {
    const again = () => client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    // Also where it failed: what was not there may have come into being.
    void query.promise?.then(again, again);
  }
}

const PAUSE_MS = 1000;
const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** What looks at all content takes the server a moment: once for all changes of a person who types. */
function refreshAfterPause(client: QueryClient, queryKey: readonly string[]): void {
  const key = queryKey.join(" ");
  clearTimeout(waiting.get(key));
  waiting.set(
    key,
    setTimeout(() => refresh(client, { queryKey }), PAUSE_MS),
  );
}

const TRANSLATED = new Set(["response", "flow"]);

/** Counts are small; all texts of a language are many, and one's own words are in the list already. */
function refreshTranslations(
  client: QueryClient,
  { assistant, actor }: LiveMessage & { type: "item.changed" },
): void {
  refresh(client, { queryKey: ["content", assistant, "languages"] });
  if (actor?.id !== client.getQueryData(meQuery.queryKey)?.id)
    refresh(client, { queryKey: ["content", assistant, "translations"] });
}

/** Marks as stale what a message says has changed. */
export function refreshFor(client: QueryClient, message: LiveMessage): void {
  const { assistant } = message;
  if (message.type === "conversation.changed") {
    refresh(client, { queryKey: ["conversations", assistant] });
    for (const conversation of message.conversations) {
      refresh(client, { queryKey: ["conversation", conversation] });
    }
    return;
  }
  if (message.type === "item.changed") {
    const parts = PARTS_OF_KINDS[message.kind];
    for (const part of parts ?? []) refresh(client, { queryKey: ["content", assistant, part] });
    if (message.kind === "nlu") refreshAfterPause(client, comparedKey(assistant));
    refreshAfterPause(client, unusedKey(assistant));
    if (!parts) refresh(client, { queryKey: ["content", assistant] });
    if (TRANSLATED.has(message.kind)) refreshTranslations(client, message);
    refresh(client, { queryKey: ["content", assistant, "validation"] });
    refresh(client, { queryKey: ["content", assistant, "commits"] });
    refresh(client, { queryKey: ["versions", assistant, "changes"] });
    return;
  }
  if (message.type !== "assistant.changed") {
    refresh(client, { queryKey: ["versions", assistant, "list"] });
    refresh(client, { queryKey: ["versions", assistant, "changes"] });
  }
  refresh(client, { queryKey: ["assistant", assistant] });
  refresh(client, { queryKey: ["assistants"] });
}

/** Keeps the cache true while the page is open; `onMessage` sees each change as well. */
export function useLiveUpdates(assistant: string, onMessage?: Listener): void {
  const client = useQueryClient();
  useEffect(() => {
    const connection = new LiveConnection(
      assistant,
      (message) => {
        refreshFor(client, message);
        onMessage?.(message);
      },
      () => {
        const now = Date.now();
        refresh(client, { predicate: ({ state }) => state.dataUpdatedAt < now });
      },
    );
    return () => connection.close();
  }, [assistant, client, onMessage]);
}
