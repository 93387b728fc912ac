import { createStore, type StoreApi } from "zustand";
import type { JsonObject } from "@/api/types";
import { Bridge, type BridgeEnd } from "./bridge";
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
}

export interface Conversation {
  readonly store: StoreApi<ConversationState>;
  say: (text: string, payload?: string) => void;
  /** Begins anew with the same user: slots and flows are as at the start. */
  startAgain: () => void;
  /** Another user, of whom nothing is known. */
  changeUser: () => void;
  /** Another user, and nothing of this one stays in this browser. */
  forget: () => void;
  reconnect: () => void;
}

const EMPTY: ConversationState = {
  status: "connecting",
  tracker: null,
  recent: [],
  waitingSince: null,
  error: null,
  sent: [],
};

const REMEMBERED = 20;

/** Talks to the bot at `chatUrl`. */
export function startConversation(chatUrl: string): Conversation {
  const store = createStore<ConversationState>(() => EMPTY);
  let bridge = connect();

  function connect(): Bridge {
    return new Bridge(chatUrl, {
      onOpen: () => store.setState({ status: "open" }),
      onMessage: (message) =>
        store.setState((state) => ({ recent: [...state.recent, heard(message, state)] })),
      onTracker: (tracker) => store.setState({ tracker, recent: [], waitingSince: null }),
      onError: (_code, message) => store.setState({ error: message, waitingSince: null }),
      onEnd: (status) => store.setState({ status, waitingSince: null }),
    });
  }
  const renew = (keep: Partial<ConversationState>) => {
    bridge.close();
    store.setState({ ...EMPTY, ...keep });
    bridge = connect();
  };
  return {
    store,
    say: (text, payload) => {
      store.setState((state) => ({
        error: null,
        waitingSince: Date.now(),
        sent: [...state.sent.filter((each) => each !== text), text].slice(-REMEMBERED),
        recent: [...state.recent, own(text, state)],
      }));
      bridge.say(payload ?? text);
    },
    startAgain: () => {
      store.setState({ recent: [], tracker: null, waitingSince: Date.now(), error: null });
      // A session of the same sender cannot be started twice; a restart ends it first.
      bridge.say("/restart");
      bridge.say("/session_start");
    },
    changeUser: () => renew({ sent: store.getState().sent }),
    forget: () => renew({}),
    reconnect: () => renew({ sent: store.getState().sent, tracker: store.getState().tracker }),
  };
}

const DETAILS = { replies: [], image: null, place: null, seconds: null };

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
    replies: repliesOf(message),
    at: Date.now() / 1000,
  };
}

/** Everything said in this conversation: as the tracker has it, then what is newer. */
export function allMessages({ tracker, recent }: ConversationState): ChatMessage[] {
  return [...(tracker ? messagesOf(currentSession(tracker.events)) : []), ...recent];
}

/** One conversation per bot for the whole visit: the dock and the page show the same one. */
const open = new Map<string, Conversation>();

export function conversationWith(chatUrl: string): Conversation {
  const existing = open.get(chatUrl);
  if (existing) return existing;
  const conversation = startConversation(chatUrl);
  open.set(chatUrl, conversation);
  return conversation;
}
