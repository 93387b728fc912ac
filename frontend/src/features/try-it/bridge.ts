import { accessToken, onFreshToken, sessionRefused } from "@/api/session";
import type { Json, JsonObject } from "@/api/types";
import { config } from "@/lib/config";
import { type Tracker, trackerAfter } from "./tracker";

export type BridgeEnd =
  /** The bot is not running (any more). */
  | "gone"
  /** The model service has never heard of it, or has forgotten it. */
  | "unknown"
  /** No right to talk to it. */
  | "forbidden"
  /** The sign-in is over; with a new one the conversation goes on. */
  | "signedOut"
  /** This browser took too long to read; it comes back by itself. */
  | "slow"
  /** The model service does not answer; it comes back by itself. */
  | "away"
  /** The line broke; it comes back by itself. */
  | "lost";

export interface BridgeListener {
  onOpen: (sessionId: string) => void;
  /** `order` is the id of what this answers, here and below. */
  onStubs: (stubs: Record<string, JsonObject>, order: string | undefined) => void;
  onMessage: (message: JsonObject) => void;
  onTracker: (tracker: Tracker, order: string | undefined) => void;
  onError: (message: string, order: string | undefined) => void;
  onEnd: (end: BridgeEnd) => void;
}

const PING_MS = 25_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 15_000;
const NOT_AUTHENTICATED = 4401;
const NOT_ALLOWED = 4403;
const ENDS: Readonly<Record<number, BridgeEnd>> = {
  4403: "forbidden",
  4404: "unknown",
  4408: "slow",
  4410: "gone",
  4503: "away",
};
const COMES_BACK: readonly BridgeEnd[] = ["slow", "away", "lost"];

/**
 * The line to one bot. It signs in, keeps itself alive, and reconnects to the same conversation; a bot that
 * does not know the conversation is asked to begin it.
 */
export class Bridge {
  private socket: WebSocket | undefined;
  /** Whether the bot listens: not before it has confirmed the conversation. */
  private ready = false;
  private closed = false;
  private token = "";
  private signedOut = false;
  /** As it is after the last frame; each connection begins with a whole one. */
  private tracker: Tracker | null = null;
  private delay = FIRST_DELAY_MS;
  private timers: ReturnType<typeof setTimeout>[] = [];
  private readonly address: string;
  private readonly listener: BridgeListener;
  private readonly stopTokens: () => void;

  constructor(
    chatUrl: string,
    listener: BridgeListener,
    private session: string | undefined,
  ) {
    // Bots are reached through our own origin, whatever host the server names itself by.
    this.address =
      config.apiOrigin.replace(/^http/, "ws") + new URL(chatUrl, config.apiOrigin).pathname;
    this.listener = listener;
    this.stopTokens = onFreshToken((token) => this.renew(token));
    void this.open();
  }

  /** False when the line is down, here and below. */
  say(text: string): boolean {
    return this.tell({ type: "user_message", text });
  }

  setSlot(id: string, slot: string, value: Json): boolean {
    return this.tell({ type: "set_slot", id, slot, value });
  }

  /** Answers for an action in this conversation; null leaves it to the action itself again. */
  stubAction(id: string, action: string, answer: JsonObject | null): boolean {
    return this.tell({ type: "stub_action", id, action, answer });
  }

  close(): void {
    this.closed = true;
    this.timers.forEach(clearTimeout);
    this.stopTokens();
    this.socket?.close();
  }

  private tell(frame: JsonObject): boolean {
    return this.ready && this.send(frame);
  }

  private renew(token: string): void {
    if (this.send({ type: "authenticate", token })) this.token = token;
    if (!this.signedOut) return;
    this.signedOut = false;
    this.delay = FIRST_DELAY_MS;
    this.later();
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
    this.token = token;
    this.tracker = null;
    const socket = new WebSocket(this.address);
    this.socket = socket;
    const session = this.session ? { session_id: this.session } : {};
    socket.addEventListener("open", () => this.send({ type: "authenticate", token, ...session }));
    socket.addEventListener("message", (event) =>
      this.receive(JSON.parse(String(event.data)) as JsonObject),
    );
    socket.addEventListener("close", (event) => void this.ended(event.code));
  }

  private receive(frame: JsonObject): void {
    const order = typeof frame["id"] === "string" ? frame["id"] : undefined;
    switch (frame["type"]) {
      case "session_confirm": {
        this.session = String(frame["session_id"]);
        this.delay = FIRST_DELAY_MS;
        this.ready = true;
        this.keepAlive();
        if (frame["known"] !== true) this.say("/session_start");
        this.listener.onOpen(this.session);
        return;
      }
      case "bot_message":
        this.listener.onMessage(frame);
        return;
      case "tracker":
        this.tracker = trackerAfter(this.tracker, frame);
        if (this.tracker) this.listener.onTracker(this.tracker, order);
        else this.socket?.close(); // the next connection begins with a whole one
        return;
      case "stubs":
        this.listener.onStubs(frame["stubs"] as unknown as Record<string, JsonObject>, order);
        return;
      case "error":
        this.listener.onError(String(frame["message"] ?? ""), order);
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

  private async ended(code: number): Promise<void> {
    const refused = !this.ready;
    this.timers.forEach(clearTimeout);
    this.ready = false;
    if (this.closed) return;
    if (code === NOT_ALLOWED && refused && this.session) {
      // Another person began the conversation that this tab remembers.
      this.session = undefined;
      await this.open();
      return;
    }
    if (code === NOT_AUTHENTICATED) {
      await this.refused();
      return;
    }
    const end = ENDS[code] ?? "lost";
    this.listener.onEnd(end);
    if (COMES_BACK.includes(end)) this.later();
  }

  /** The token is no longer taken. There may be a newer one by now; else the person signs in again. */
  private async refused(): Promise<void> {
    const token = await accessToken();
    if (token && token !== this.token) {
      this.later();
      return;
    }
    this.signedOut = true;
    this.listener.onEnd("signedOut");
    sessionRefused();
  }

  private later(): void {
    if (this.closed) return;
    this.timers.forEach(clearTimeout);
    this.timers = [setTimeout(() => void this.open(), this.delay)];
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY_MS);
  }
}
