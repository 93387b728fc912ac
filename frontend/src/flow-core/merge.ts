import { isObject, type Json, type JsonObject, sameJson } from "./json";

/** A value both sides changed, each in its own way. */
export interface MergeConflict {
  /** JSON pointer into the body. */
  readonly pointer: string;
  readonly mine: Json | undefined;
  readonly theirs: Json | undefined;
}

export interface Merged {
  /** Both changes together; where they clash, `mine` stands until someone decides. */
  readonly body: JsonObject;
  readonly conflicts: readonly MergeConflict[];
}

/** Joins two versions that come from the same one. What only one side touched merges in silence. */
export function mergeBodies(base: JsonObject, mine: JsonObject, theirs: JsonObject): Merged {
  const conflicts: MergeConflict[] = [];
  const body = mergeValue(base, mine, theirs, "", conflicts);
  return { body: isObject(body) ? body : mine, conflicts };
}

function mergeValue(
  base: Json | undefined,
  mine: Json | undefined,
  theirs: Json | undefined,
  pointer: string,
  conflicts: MergeConflict[],
): Json | undefined {
  if (sameJson(mine, theirs) || sameJson(base, theirs)) return mine;
  if (sameJson(base, mine)) return theirs;
  if (isObject(base) && isObject(mine) && isObject(theirs)) {
    return mergeObjects(base, mine, theirs, pointer, conflicts);
  }
  if (Array.isArray(base) && Array.isArray(mine) && Array.isArray(theirs)) {
    if (base.length === mine.length && base.length === theirs.length) {
      return mine.map((item, index) =>
        mergeValue(base[index], item, theirs[index], `${pointer}/${index}`, conflicts),
      ) as Json[];
    }
  }
  conflicts.push({ pointer, mine, theirs });
  return mine;
}

function mergeObjects(
  base: JsonObject,
  mine: JsonObject,
  theirs: JsonObject,
  pointer: string,
  conflicts: MergeConflict[],
): JsonObject {
  const merged: JsonObject = {};
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const inner = `${pointer}/${key.replace(/~/g, "~0").replace(/\//g, "~1")}`;
    const value = mergeValue(base[key], mine[key], theirs[key], inner, conflicts);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}
