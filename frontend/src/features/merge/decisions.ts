import type { MergeConflict, Resolution } from "@/api/branches";
import { type Json, sameJson } from "@/flow-core/json";
import { joinedTexts } from "@/flow-core/words";

/** What stands on a card of a conflict: what it was, here (`mine`), or there (`theirs`). */
export const SIDES = ["before", "mine", "theirs"] as const;
export type Side = (typeof SIDES)[number];

/** `text` is what a person made of the words of the side. */
export interface Decision {
  readonly side: Side;
  readonly edited?: Json;
}
export type Decisions = Readonly<Record<string, Decision>>;

export const nameOf = ({ kind, key, pointer }: MergeConflict): string =>
  JSON.stringify([kind, key, pointer]);

export const onSide = (conflict: MergeConflict, side: Side): Json | undefined =>
  side === "before" ? conflict.base : conflict[side];

/** What the field becomes; undefined is nothing. */
export function decided(conflict: MergeConflict, decision: Decision): Json | undefined {
  return decision.edited ?? onSide(conflict, decision.side);
}

/** The decision with other words; the words of the side itself are no edit. */
export function withEdit(conflict: MergeConflict, { side }: Decision, edited: Json): Decision {
  return sameJson(edited, onSide(conflict, side)) ? { side } : { side, edited };
}

/** Both together, where two texts or two lists can stand together. */
export function joined({ base, mine, theirs }: MergeConflict): Json | undefined {
  if (typeof mine === "string" && typeof theirs === "string")
    return joinedTexts(typeof base === "string" ? base : "", mine, theirs);
  if (Array.isArray(mine) && Array.isArray(theirs))
    return [...mine, ...theirs.filter((entry) => !mine.some((each) => sameJson(each, entry)))];
  return undefined;
}

/** As the API takes it. */
export function resolutionOf(conflict: MergeConflict, decision: Decision): Resolution {
  const { kind, key, pointer } = conflict;
  const place = { kind, key, pointer };
  return decision.edited === undefined
    ? { ...place, side: decision.side }
    : { ...place, side: "edited", value: decision.edited };
}
