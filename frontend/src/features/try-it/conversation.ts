import { createStore, type StoreApi } from "zustand";
import type { Json, JsonObject } from "@/api/types";
import { i18n } from "@/i18n/i18n";
import { Bridge, type BridgeEnd, type BridgeListener } from "./bridge";
import { type ChatMessage, currentSession, messagesOf, repliesOf, type Tracker } from "./tracker";

export interface ConversationState {
  status: "connecting" | "open" | BridgeEnd;
  tracker: Tracker | null;
  /** Said since the last tracker arrived; the tracker then has them with all details. */
  recent: ChatMessage[];
  /** When the message was sent that has no answer yet. */
  waitingSince: number | null;
  /** What went wrong with the last message. */
  error: string | null;
  /** The person's own messages, newest last, for ↑ and ↓. */
  sent: string[];
  /** Answers that stand in for actions, by action. */
  stubs: Readonly<Record<string, JsonObject>>;
}

export interface Conversation {
  readonly store: StoreApi<ConversationState>;
  /** Connects, for as long as anybody holds it; answers the release. What was said stays. */
  hold: () => () => void;
  say: (text: string, payload?: string) => void;
  /** Begins anew with the same user: slots and flows are as at the start. */
  startAgain: () => void;
  /** Another user, of whom nothing is known. */
  changeUser: () => void;
  /** Another user, and nothing of this one stays in this browser. */
  forget: () => void;
  /** Sets a slot by hand; the conversation goes on with it. Rejects with what stands in the way. */
  setSlot: (slot: string, value: Json) => Promise<void>;
  /** Answers for an action in this conversation; null leaves it to the action itself again. */
  stubAction: (action: string, answer: JsonObject | null) => Promise<void>;
  reconnect: () => void;
}

const EMPTY: ConversationState = {
  status: "connecting",
  tracker: null,
  recent: [],
  waitingSince: null,
  error: null,
  sent: [],
  stubs: {},
};

const REMEMBERED = 20;

/** What was asked of the bot besides messages, until it answers or says why not. */
interface Order {
  resolve: () => void;
  reject: (error: Error) => void;
}

/** Told true when somebody says or sets something, and false when they begin anew. */
type TalkListener = (talking: boolean) => void;

/** A conversation with the bot at `chatUrl`; it connects when it is held. */
export function newConversation(
  chatUrl: string,
  onTalk: TalkListener = () => undefined,
): Conversation {
  const store = createStore<ConversationState>(() => EMPTY);
  const session = rememberedSession(chatUrl);
  const orders = new Map<string, Order>();
  let ordered = 0;
  // Said while the line was down; it is sent when it is back.
  let unsent: string[] = [];
  let trackerIsOlder = false;
  let holders = 0;
  let bridge: Bridge | null = null;

  function connect(): Bridge {
    const listener: BridgeListener = {
      onOpen: (id) => {
        session.keep(id);
        trackerIsOlder = unsent.length > 0;
        store.setState({ status: "open", ...(trackerIsOlder ? { waitingSince: Date.now() } : {}) });
        for (const payload of unsent) bridge?.say(payload);
        unsent = [];
      },
      onMessage: (message) =>
        store.setState((state) => ({ recent: [...state.recent, heard(message, state)] })),
      onTracker: (tracker, order) => {
        // The first tracker on a new line is from before what waited to be said.
        const early = trackerIsOlder;
        trackerIsOlder = false;
        store.setState(({ sent, recent, waitingSince }) => ({
          tracker,
          recent: early ? recent.filter(({ from }) => from === "user") : [],
          waitingSince: early ? waitingSince : null,
          sent: sent.length > 0 ? sent : saidIn(tracker),
        }));
        settle(order);
      },
      onStubs: (stubs, order) => {
        store.setState({ stubs });
        settle(order);
      },
      onError: (message, order) => {
        const refused = order === undefined ? undefined : orders.get(order);
        if (order) orders.delete(order);
        if (refused) refused.reject(new Error(message));
        else store.setState({ error: message, waitingSince: null });
      },
      onEnd: (status) => {
        store.setState({ status, waitingSince: null });
        refuseAll();
      },
    };
    return new Bridge(chatUrl, listener, session.id());
  }
  function settle(id: string | undefined): void {
    if (id === undefined) return;
    orders.get(id)?.resolve();
    orders.delete(id);
  }
  function refuseAll(): void {
    for (const order of orders.values()) order.reject(new Error(i18n.t("try-it:ends.lost")));
    orders.clear();
  }
  function order(send: (line: Bridge, id: string) => boolean): Promise<void> {
    ordered += 1;
    const id = `order-${ordered}`;
    onTalk(true);
    return new Promise((resolve, reject) => {
      if (bridge && send(bridge, id)) orders.set(id, { resolve, reject });
      else reject(new Error(i18n.t("try-it:ends.lost")));
    });
  }
  const disconnect = () => {
    bridge?.close();
    bridge = null;
    refuseAll();
  };
  const hold = () => {
    holders += 1;
    bridge ??= connect();
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      holders -= 1;
      if (holders > 0) return;
      disconnect();
      store.setState({ status: "connecting", waitingSince: null });
    };
  };
  const renew = (keep: Partial<ConversationState>) => {
    disconnect();
    unsent = [];
    store.setState({ ...EMPTY, ...keep });
    bridge = connect();
  };
  const renewAsOther = (keep: Partial<ConversationState>) => {
    session.forget();
    renew(keep);
    onTalk(false);
  };
  return {
    store,
    hold,
    say: (text, payload) => {
      store.setState((state) => ({
        error: null,
        waitingSince: Date.now(),
        sent: [...state.sent.filter((each) => each !== text), text].slice(-REMEMBERED),
        recent: [...state.recent, own(text, state)],
      }));
      if (!bridge?.say(payload ?? text)) unsent.push(payload ?? text);
      onTalk(true);
    },
    startAgain: () => {
      store.setState({ recent: [], tracker: null, waitingSince: Date.now(), error: null });
      // A session of the same sender cannot be started twice; a restart ends it first.
      bridge?.say("/restart");
      bridge?.say("/session_start");
      onTalk(false);
    },
    changeUser: () => renewAsOther({ sent: store.getState().sent }),
    forget: () => renewAsOther({}),
    reconnect: () => renew({ sent: store.getState().sent, tracker: store.getState().tracker }),
    setSlot: (slot, value) => order((line, id) => line.setSlot(id, slot, value)),
    stubAction: (action, answer) => order((line, id) => line.stubAction(id, action, answer)),
  };
}

/** The conversation of this browser tab with this bot, so that a reload does not end it. */
function rememberedSession(chatUrl: string) {
  const key = `chat ${new URL(chatUrl, location.href).pathname}`;
  return {
    id: () => sessionStorage.getItem(key) ?? undefined,
    keep: (id: string) => sessionStorage.setItem(key, id),
    forget: () => sessionStorage.removeItem(key),
  };
}

function saidIn({ events }: Tracker): string[] {
  return messagesOf(currentSession(events))
    .flatMap(({ from, text }) => (from === "user" ? [text] : []))
    .slice(-REMEMBERED);
}

const DETAILS = {
  replies: [],
  image: null,
  custom: null,
  action: null,
  place: null,
  seconds: null,
  index: null,
};

function own(text: string, { recent }: ConversationState): ChatMessage {
  return {
    ...DETAILS,
    id: `own-${recent.length}-${Date.now()}`,
    from: "user",
    text,
    at: Date.now() / 1000,
  };
}

function heard(message: JsonObject, { recent }: ConversationState): ChatMessage {
  const attachment = message["attachment"];
  return {
    ...DETAILS,
    id: `heard-${recent.length}-${Date.now()}`,
    from: "bot",
    text: typeof message["text"] === "string" ? message["text"] : "",
    image: typeof attachment === "string" ? attachment : null,
    custom: message["custom"] ?? null,
    replies: repliesOf(message),
    at: Date.now() / 1000,
  };
}

/** Everything said in this conversation: as the tracker has it, then what is newer. */
export function allMessages({ tracker, recent }: ConversationState): ChatMessage[] {
  return [...(tracker ? messagesOf(currentSession(tracker.events)) : []), ...recent];
}

/** One conversation per bot for the whole visit: the dock and the page show the same one. */
const conversations = new Map<string, Conversation>();

export function conversationWith(chatUrl: string, onTalk?: TalkListener): Conversation {
  const existing = conversations.get(chatUrl);
  if (existing) return existing;
  const conversation = newConversation(chatUrl, onTalk);
  conversations.set(chatUrl, conversation);
  return conversation;
}
