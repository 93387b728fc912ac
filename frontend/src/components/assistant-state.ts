import type { Assistant } from "@/api/types";
import { isBusy } from "@/api/versions";
import type { Tone } from "./state-badge";

/** `asleep` is a rest that nobody minds; `ended` stopped by itself, and the version knows why. */
export type AssistantState = "busy" | "failed" | "ready" | "ended" | "asleep" | "untrained";

export const ASSISTANT_TONES: Record<AssistantState, Tone> = {
  busy: "warn",
  failed: "err",
  ready: "ok",
  ended: "warn",
  asleep: "neutral",
  untrained: "neutral",
};

/** How an assistant is: what its newest version does, or else whether one can be talked to. */
export function assistantState(assistant: Assistant): AssistantState {
  const { latest_version: latest, ready_version: ready } = assistant;
  if (latest && isBusy(latest)) return "busy";
  if (latest?.status === "failed") return "failed";
  if (ready) return "ready";
  if (latest?.status === "inactive") return latest.error_message ? "ended" : "asleep";
  return "untrained";
}
