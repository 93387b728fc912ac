import type { Turn } from "./turns";

export const PARTS = ["understand", "decide", "actions", "answer"] as const;
export type Part = (typeof PARTS)[number];

/** Milliseconds of a turn, and of its parts; the parts add up to the whole. */
export interface Latency {
  readonly total: number;
  readonly parts: Readonly<Record<Part, number>>;
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

/**
 * Where the time of a turn went. A message is recorded once it is understood, so that understanding comes
 * before all its events; every gap between two events belongs to what the second one tells.
 */
export function latencyOf(turn: Turn, isCustom: (action: string) => boolean): Latency {
  const parts = { understand: 0, decide: 0, actions: 0, answer: 0 };
  const start = turn.begins - turn.from;
  parts.understand = number(turn.opening?.parse_data?.["milliseconds"]) ?? 0;
  let before = turn.events[start]?.timestamp ?? 0;
  for (const event of turn.events.slice(start + 1)) {
    const gap = Math.max(0, (event.timestamp - before) * 1000);
    before = Math.max(before, event.timestamp);
    const name = event.name ?? "";
    if (event.event === "action" && isCustom(name)) {
      const own = Math.min(gap, number(event.metadata?.["milliseconds"]) ?? gap);
      parts.actions += own;
      parts.decide += gap - own;
    } else if (event.event === "bot" || (event.event === "action" && name.startsWith("utter_"))) {
      parts.answer += gap;
    } else {
      parts.decide += gap;
    }
  }
  return { total: PARTS.reduce((sum, part) => sum + parts[part], 0), parts };
}

const QUICK_MS = 1000;
const SLOW_MS = 3000;

export function toneOf(milliseconds: number): "ok" | "warn" | "err" {
  if (milliseconds < QUICK_MS) return "ok";
  return milliseconds < SLOW_MS ? "warn" : "err";
}

export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
