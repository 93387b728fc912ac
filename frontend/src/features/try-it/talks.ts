import { create } from "zustand";
import { createJSONStorage, persist } from "zustand/middleware";
import type { Version } from "@/api/types";

/** The version that somebody has said something to. */
export type Talk = Pick<Version, "id" | "number">;

/** By assistant; as long as the tab, so that neither a newer version nor a reload ends a talk. */
export const useTalks = create<Readonly<Record<string, Talk>>>()(
  persist(() => ({}), {
    name: "talks",
    storage: createJSONStorage(() => sessionStorage),
  }),
);

export function stayWith(assistant: string, { id, number }: Talk): void {
  if (useTalks.getState()[assistant]?.id !== id) useTalks.setState({ [assistant]: { id, number } });
}

/** From now on the newest version answers, except where the talk is with `other` already. */
export function leaveTalk(assistant: string, other?: Talk): void {
  if (useTalks.getState()[assistant]?.id === other?.id) return;
  useTalks.setState(({ [assistant]: left, ...others }) => others, true);
}

export interface Choice {
  /** The version to talk to. */
  version: Version | null;
  /** One that is newer than the version somebody talks to, and ready. */
  newer: Version | null;
  /** The version somebody talked to, if it is no more. */
  deleted: Talk | null;
}

/** The wanted version or the one of the talk, else the newest that answers, else the newest asleep. */
export function choiceOf(
  versions: readonly Version[],
  wanted: string | undefined,
  talk: Talk | undefined,
): Choice {
  const ready = versions.find((version) => version.status === "ready") ?? null;
  const chosen = versions.find(({ id }) => id === (wanted ?? talk?.id));
  if (chosen) {
    const newer = ready && ready.number > chosen.number ? ready : null;
    return { version: chosen, newer, deleted: null };
  }
  if (talk && ready && (wanted ?? talk.id) === talk.id)
    return { version: null, newer: ready, deleted: talk };
  const version =
    ready ??
    versions.find(({ status }) => status === "inactive") ??
    versions.find(({ status }) => status === "deploying" || status === "training") ??
    null;
  return { version, newer: null, deleted: null };
}
