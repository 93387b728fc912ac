import { isObject, type Json, type JsonObject } from "./json";
import { type MergeConflict, type Merged, mergeBodies, resolve } from "./merge";

/**
 * Instead of one side's words both, where an item lists ways to say the same. Null where the two do not stand side by
 * side: what is in question is no such list, or one side deleted or moved an entry of it.
 */

/** Keys of a variation that say nothing to the user. */
const UNSAID = ["id", "metadata"];

/** A response with each variation that both changed twice: as mine, and as theirs. */
export function bothVariations(merged: Merged): Json[] | null {
  const unsaid = merged.conflicts.some(({ pointer }) => UNSAID.includes(String(pointer[1])));
  return unsaid ? null : bothEntries(merged);
}

/** Synonyms, a look-up or patterns, with each example that both changed in both forms. */
export function bothExamples(merged: Merged): JsonObject | null {
  const { body, conflicts } = merged;
  if (!isObject(body) || conflicts.some(({ pointer }) => pointer[0] !== "examples")) return null;
  const [first] = conflicts;
  const examples =
    first?.pointer.length === 1
      ? bothLines(first)
      : bothEntries({
          body: body["examples"],
          conflicts: conflicts.map((each) => ({ ...each, pointer: each.pointer.slice(1) })),
        });
  return examples === null ? null : { ...body, examples };
}

function bothLines({ base, mine, theirs }: MergeConflict): string | null {
  if (typeof base !== "string" || typeof mine !== "string" || typeof theirs !== "string")
    return null;
  const lines = mergeBodies(base.split("\n"), mine.split("\n"), theirs.split("\n"));
  return bothEntries(lines)?.join("\n") ?? null;
}

function bothEntries(merged: Merged): Json[] | null {
  const { conflicts } = merged;
  if (conflicts.length === 0 || !conflicts.every(isSideBySide)) return null;
  const [mine, theirs] = [resolve(merged, "mine"), resolve(merged, "theirs")];
  if (!Array.isArray(mine) || !Array.isArray(theirs)) return null;
  const asked = new Set(conflicts.map(({ pointer }) => Number(pointer[0])));
  return mine.flatMap((entry, index) => {
    const other = theirs[index];
    return asked.has(index) && other !== undefined ? [entry, withoutName(other, entry)] : [entry];
  });
}

/** Within an entry, or an entry that both have. */
function isSideBySide({ pointer, mine, theirs }: MergeConflict): boolean {
  return pointer.length > 1 || (pointer.length === 1 && mine !== undefined && theirs !== undefined);
}

/** One id names one entry. */
function withoutName(entry: Json, first: Json): Json {
  if (!isObject(entry) || !isObject(first) || entry["id"] !== first["id"]) return entry;
  const { id: _taken, ...others } = entry;
  return others;
}
