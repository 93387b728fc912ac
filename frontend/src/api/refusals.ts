import { isApiError } from "./errors";

/** Refusals for which there is more to say than the server does: what they mean, and what an operator can change. */
export const EXPLAINED = [
  "too_many_trainings",
  "too_many_bots",
  "disk_full",
  "model_service_unavailable",
] as const;

export function explained(error: unknown): (typeof EXPLAINED)[number] | null {
  return EXPLAINED.find((code) => isApiError(error, code)) ?? null;
}
