import { accessToken, onFreshToken } from "@/api/session";
import type { Json, JsonObject } from "@/api/types";
import { config } from "@/lib/config";
import type { Tracker } from "./tracker";

export type BridgeEnd =
  /** The bot is not running (any more). */
  | "gone"
  /** No right to talk to it. */
  | "forbidden"
  /** The line broke; it comes back by itself. */
  | "lost";

export interface BridgeListener {
  onOpen: (sessionId: string) => void;
  onStubs: (stubs: Record<string, JsonObject>) => void;
  onMessage: (message: JsonObject) => void;
  onTracker: (tracker: Tracker) => void;
  onError: (code: string, message: string) => void;
  onEnd: (end: BridgeEnd) => void;
}

const PING_MS = 25_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
const GONE_CODES = [4404, 4410];

/**
 * The line to one bot. It signs in, keeps itself alive, and reconnects to the same conversation; a bot that
 * does not know the conversation is asked to begin it.
 */
export class Bridge {
  private socket: WebSocket | undefined;
  private closed = false;
  private delay = FIRST_DELAY_MS;
  private timers: ReturnType<typeof setTimeout>[] = [];
  private readonly address: string;
  private readonly listener: BridgeListener;
  private readonly stopTokens: () => void;

  constructor(
    chatUrl: string,
    listener: BridgeListener,
    private session?: string,
  ) {
    // Bots are reached through our own origin, whatever host the server names itself by.
    this.address =
      config.apiOrigin.replace(/^http/, "ws") + new URL(chatUrl, config.apiOrigin).pathname;
    this.listener = listener;
    this.stopTokens = onFreshToken((token) => void this.send({ type: "authenticate", token }));
    void this.open();
  }

  say(text: string): void {
    this.send({ type: "user_message", text });
  }

  /** False when the line is down. */
  setSlot(slot: string, value: Json): boolean {
    return this.send({ type: "set_slot", slot, value });
  }

  /** Answers for an action in this conversation; null leaves it to the action server again. */
  stubAction(action: string, answer: JsonObject | null): boolean {
    return this.send({ type: "stub_action", action, answer });
  }

  close(): void {
    this.closed = true;
    this.timers.forEach(clearTimeout);
    this.stopTokens();
    this.socket?.close();
  }

  private send(frame: JsonObject): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private async open(): Promise<void> {
    const token = await accessToken();
    if (this.closed) return;
    if (!token) {
      this.later();
      return;
    }
    const socket = new WebSocket(this.address);
    this.socket = socket;
    const session = this.session ? { session_id: this.session } : {};
    socket.addEventListener("open", () => this.send({ type: "authenticate", token, ...session }));
    socket.addEventListener("message", (event) =>
      this.receive(JSON.parse(String(event.data)) as JsonObject),
    );
    socket.addEventListener("close", (event) => this.ended(event.code));
  }

  private receive(frame: JsonObject): void {
    switch (frame["type"]) {
      case "session_confirm": {
        this.session = String(frame["session_id"]);
        this.delay = FIRST_DELAY_MS;
        this.keepAlive();
        if (frame["known"] !== true) this.say("/session_start");
        this.listener.onOpen(this.session);
        return;
      }
      case "bot_message":
        this.listener.onMessage(frame);
        return;
      case "tracker":
        // Rasa Open Source has no flows, and no stack of them.
        this.listener.onTracker({ stack: [], ...frame } as unknown as Tracker);
        return;
      case "stubs":
        this.listener.onStubs(frame["stubs"] as unknown as Record<string, JsonObject>);
        return;
      case "error":
        this.listener.onError(String(frame["code"]), String(frame["message"] ?? ""));
        return;
      default:
    }
  }

  private keepAlive(): void {
    const beat = () => {
      this.send({ type: "ping" });
      this.timers = [setTimeout(beat, PING_MS)];
    };
    this.timers.forEach(clearTimeout);
    this.timers = [setTimeout(beat, PING_MS)];
  }

  private ended(code: number): void {
    this.timers.forEach(clearTimeout);
    if (this.closed) return;
    if (GONE_CODES.includes(code)) this.listener.onEnd("gone");
    else if (code === 4403) this.listener.onEnd("forbidden");
    else {
      this.listener.onEnd("lost");
      this.later();
    }
  }

  private later(): void {
    this.timers = [setTimeout(() => void this.open(), this.delay)];
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS);
  }
}
