import { useEffect, useEffectEvent, useMemo } from "react";
import { useSearchChange } from "@/components/table/filter-bar";
import type { ConversationState } from "../conversation";
import { currentSession, type TrackerEvent } from "../tracker";
import { type Turn, turnInView, turnsOf } from "./turns";

export interface Turns {
  events: readonly TrackerEvent[];
  turns: readonly Turn[];
  /** The chosen one, else the latest. */
  turn: Turn | null;
  /** Null follows the latest. */
  chooseTurn: (turn: Turn | null) => void;
}

/** The turns of a conversation; the address says which one is chosen. */
export function useTurns(state: ConversationState | null, wanted: number | undefined): Turns {
  const tracker = state?.tracker;
  const set = useSearchChange<{ turn?: number | undefined }>();
  const events = useMemo(() => currentSession(tracker?.events ?? []), [tracker]);
  const before = tracker?.turns_before;
  const turns = useMemo(() => turnsOf(events, before), [events, before]);
  const chooseTurn = (chosen: Turn | null) => {
    const number = chosen === turns.at(-1) ? undefined : chosen?.number;
    if (number !== wanted) set({ turn: number });
  };
  const follow = useEffectEvent(() => chooseTurn(null));
  const speaking = typeof state?.waitingSince === "number";
  // Who says something wants to see what comes of it.
  useEffect(() => {
    if (speaking) follow();
  }, [speaking]);
  return { events, turns, turn: turnInView(turns, wanted), chooseTurn };
}
