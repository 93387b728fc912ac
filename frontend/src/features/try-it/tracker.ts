import type { Json, JsonObject } from "@/api/types";
import { isObject } from "@/flow-core/json";
import { capitalised } from "@/lib/capitalised";

/** An event of a tracker as the runtime writes it; only what the chat reads is named. */
export interface TrackerEvent {
  readonly event: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly text?: string | null;
  readonly name?: string | null;
  readonly value?: Json;
  /** Of a slot event: what set it. */
  readonly filled_by?: string | null;
  /** Of a stack event: a JSON patch, as text. */
  readonly update?: string;
  readonly flow_id?: string | null;
  readonly metadata?: JsonObject | null;
  readonly data?: JsonObject | null;
  readonly parse_data?: JsonObject | null;
}

export interface StackFrame {
  readonly flow_id?: string;
  readonly step_id?: string;
  readonly frame_id?: string;
  readonly type?: string;
  /** Of a question: the slot it asks for. */
  readonly collect?: string;
}

export interface Tracker {
  readonly slots: JsonObject;
  /** Bottom first: the last frame is what happens now. */
  readonly stack: readonly StackFrame[];
  readonly events: readonly TrackerEvent[];
  /** Events and turns left out at the beginning, because the conversation is long. */
  readonly events_before: number;
  readonly turns_before?: number;
}

/**
 * The tracker after a frame of the bridge, which is a whole one or has what is new `since` a number of events.
 * Null where events in between are missing.
 */
export function trackerAfter(before: Tracker | null, frame: JsonObject): Tracker | null {
  const { since, ...state } = frame;
  // Rasa Open Source has no flows, and no stack of them.
  const next = { stack: [], events_before: 0, ...state } as unknown as Tracker;
  if (since === undefined) return next;
  if (!before || before.events_before + before.events.length !== since) return null;
  const { events_before, turns_before } = before;
  const events = [...before.events, ...next.events];
  return { ...next, events, events_before, ...(turns_before ? { turns_before } : {}) };
}

export interface QuickReply {
  readonly title: string;
  readonly payload: string;
}

export interface Place {
  readonly flow: string;
  readonly step: string;
}

export interface ChatMessage {
  readonly id: string;
  /** `edit`: a slot that was set by hand; `failure`: an action that failed, with the reason as text. */
  readonly from: "user" | "bot" | "edit" | "failure";
  readonly text: string;
  readonly replies: readonly QuickReply[];
  readonly image: string | null;
  /** Data for channels of one's own. */
  readonly custom: Json;
  /** Of a failure: the action. */
  readonly action: string | null;
  /** Where in which flow the bot said it. */
  readonly place: Place | null;
  /** From the user's message to this answer. */
  readonly seconds: number | null;
  /** Its place among the events of the session; null until the tracker has it. */
  readonly index: number | null;
  readonly at: number;
}

/** The events since the conversation was last begun anew. */
export function currentSession(events: readonly TrackerEvent[]): readonly TrackerEvent[] {
  const start = events.findLastIndex((event) => event.event === "session_started");
  return start === -1 ? events : events.slice(start + 1);
}

/** Messages worth showing; commands such as /session_start are left out. */
export function messagesOf(events: readonly TrackerEvent[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  let asked: number | null = null;
  for (const [index, event] of events.entries()) {
    if (event.event === "bot") messages.push(answered(event, index, asked));
    else if (hasFailed(event)) messages.push(failed(event, index));
    else if (event.event === "user" || isEdit(event)) {
      asked = event.timestamp - understandingSeconds(event);
      const message = said(event, index, messages.at(-1));
      if (message) messages.push(message);
    }
  }
  return messages;
}

/** A message is recorded once it is understood. */
function understandingSeconds({ parse_data: parsed }: TrackerEvent): number {
  const milliseconds = parsed?.["milliseconds"];
  return typeof milliseconds === "number" ? milliseconds / 1000 : 0;
}

function said(
  event: TrackerEvent,
  index: number,
  before: ChatMessage | undefined,
): ChatMessage | null {
  if (isEdit(event)) {
    const text = `${event.name} = ${JSON.stringify(event.value ?? null)}`;
    return { ...basics(event, index), from: "edit", text };
  }
  const text = saidOnButton(event.text ?? "", before);
  const command = text.startsWith("/session_start") || text.startsWith("/restart");
  return command ? null : { ...basics(event, index), from: "user", text };
}

export function hasFailed({ event, metadata }: TrackerEvent): boolean {
  return event === "action" && metadata?.["execution_success"] === false;
}

function failed(event: TrackerEvent, index: number): ChatMessage {
  const reason = event.metadata?.["execution_error_message"];
  return {
    ...basics(event, index),
    from: "failure",
    text: typeof reason === "string" ? capitalised(reason) : "",
    action: event.name ?? null,
  };
}

function answered(event: TrackerEvent, index: number, asked: number | null): ChatMessage {
  return {
    ...basics(event, index),
    from: "bot",
    text: event.text ?? "",
    replies: repliesOf(event.data),
    image: typeof event.data?.["image"] === "string" ? event.data["image"] : null,
    custom: event.data?.["custom"] ?? null,
    place: placeOf(event),
    seconds: asked === null ? null : event.timestamp - asked,
  };
}

/** Who presses a button says its title; its payload is for the runtime. */
function saidOnButton(text: string, before: ChatMessage | undefined): string {
  return before?.replies.find((reply) => reply.payload === text)?.title ?? text;
}

function basics({ timestamp }: TrackerEvent, index: number) {
  const nothing = {
    replies: [],
    image: null,
    custom: null,
    action: null,
    place: null,
    seconds: null,
  };
  return { ...nothing, id: `event-${index}`, index, at: timestamp };
}

/** What `filled_by` says of a slot that somebody set in the inspector. */
const BY_HAND = "inspector";

export function isEdit(event: TrackerEvent): boolean {
  return event.event === "slot" && event.filled_by === BY_HAND;
}

export function placeOf(event: TrackerEvent): Place | null {
  const flow = event.metadata?.["active_flow"];
  const step = event.metadata?.["step_id"];
  return typeof flow === "string" && typeof step === "string" ? { flow, step } : null;
}

/** Buttons come as `buttons` in events and as `quick_replies` on the wire. */
export function repliesOf(data: JsonObject | null | undefined): QuickReply[] {
  const list = data?.["buttons"] ?? data?.["quick_replies"];
  if (!Array.isArray(list)) return [];
  return list.filter(isObject).map((button) => ({
    title: String(button["title"] ?? ""),
    payload: String(button["payload"] ?? button["title"] ?? ""),
  }));
}

export interface TrailFlow {
  readonly flow: string;
  readonly state: "active" | "done" | "cancelled";
}

const ENDS: Record<string, TrailFlow["state"]> = {
  flow_completed: "done",
  flow_cancelled: "cancelled",
  flow_interrupted: "active",
  flow_resumed: "active",
};

/** The flows of the conversation in the order they began, each with how it stands. */
export function flowTrail(
  events: readonly TrackerEvent[],
  known: (flow: string) => boolean,
): TrailFlow[] {
  const trail: TrailFlow[] = [];
  for (const { event, flow_id: flow } of events) {
    if (!flow || !known(flow)) continue;
    const place = trail.findLastIndex((each) => each.flow === flow);
    const state = ENDS[event];
    if (event === "flow_started") trail.push({ flow, state: "active" });
    else if (state && place !== -1) trail[place] = { flow, state };
  }
  return trail;
}

/** The steps gone through in a flow since it last began, each once per visit. */
export function stepsTaken(events: readonly TrackerEvent[], flow: string): string[] {
  const steps: string[] = [];
  for (const event of events) {
    if (event.event === "flow_started" && event.flow_id === flow) steps.length = 0;
    const place = placeOf(event);
    if (place?.flow === flow && place.step !== steps.at(-1)) steps.push(place.step);
  }
  return steps;
}

/** The flow to show: the innermost open one that can be drawn, else the last one that ran. */
export function flowInView(
  tracker: Tracker,
  known: (flow: string) => boolean,
): { flow: string; waitingAt: string | null } | null {
  const frame = tracker.stack.findLast((each) => each.flow_id !== undefined && known(each.flow_id));
  if (frame?.flow_id) return { flow: frame.flow_id, waitingAt: frame.step_id ?? null };
  const last = flowTrail(currentSession(tracker.events), known).at(-1);
  return last ? { flow: last.flow, waitingAt: null } : null;
}

/** Which part of the runtime understood the last message, such as "offline", and what it notes about that. */
export function understandingOf(events: readonly TrackerEvent[]): {
  generator: string | null;
  note: string | null;
} {
  const said = events.findLast(
    (event) => event.event === "user" && event.parse_data?.["generator"],
  );
  const { generator, note } = said?.parse_data ?? {};
  return {
    generator: typeof generator === "string" ? generator : null,
    note: typeof note === "string" && note ? note : null,
  };
}
