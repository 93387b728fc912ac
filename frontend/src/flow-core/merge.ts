import { align, type Pairs } from "./alignment";
import { isObject, type Json, type JsonObject, sameJson } from "./json";

/** A value both sides changed, each in its own way; undefined is a deletion. */
export interface MergeConflict {
  /**
   * Where it stands in the merged body. There stands `mine`; where mine is a deletion, and the value an entry of a
   * list, there stands `theirs`.
   */
  readonly pointer: readonly (string | number)[];
  readonly base: Json | undefined;
  readonly mine: Json | undefined;
  readonly theirs: Json | undefined;
}

export interface Merged {
  /** Both changes together; undefined where the whole is deleted. */
  readonly body: Json | undefined;
  readonly conflicts: readonly MergeConflict[];
}

type Pointer = MergeConflict["pointer"];
type Maybe = Json | undefined;

/**
 * Joins two versions that come from the same one. What only one side touched merges in silence. The server's
 * `studio/content/merge.py` does the same; both run `tests/studio/content/merge_cases.json`.
 */
export function mergeBodies(base: Maybe, mine: Maybe, theirs: Maybe): Merged {
  const conflicts: MergeConflict[] = [];
  return { body: mergeValue(base, mine, theirs, [], conflicts), conflicts };
}

/** The merged body with every conflict decided for one side. */
export function resolve(merged: Merged, side: "mine" | "theirs"): Maybe {
  return withValues(
    merged,
    merged.conflicts.map((conflict) => conflict[side]),
  );
}

/** The merged body with these values in the places of its conflicts, in their order. */
export function withValues(merged: Merged, values: readonly Maybe[]): Maybe {
  // From the last to the first: removing an entry of a list moves those behind it.
  return merged.conflicts.reduceRight<Maybe>(
    (body, conflict, index) => withValue(body, conflict.pointer, values[index]),
    merged.body,
  );
}

function mergeValue(
  base: Maybe,
  mine: Maybe,
  theirs: Maybe,
  pointer: Pointer,
  conflicts: MergeConflict[],
): Maybe {
  if (sameJson(mine, theirs) || sameJson(base, theirs)) return mine;
  if (sameJson(base, mine)) return theirs;
  if (isObject(base) && isObject(mine) && isObject(theirs)) {
    return mergeMaps(base, mine, theirs, pointer, conflicts);
  }
  if (Array.isArray(base) && Array.isArray(mine) && Array.isArray(theirs)) {
    return mergeLists(base, mine, theirs, pointer, conflicts);
  }
  if (isLines(base) && isLines(mine) && isLines(theirs)) {
    const clashes: MergeConflict[] = [];
    const [one, two, three] = [base.split("\n"), mine.split("\n"), theirs.split("\n")];
    const lines = mergeLists(one, two, three, [], clashes);
    if (clashes.length === 0) return lines.join("\n");
  }
  conflicts.push({ pointer, base, mine, theirs });
  return mine;
}

const isLines = (value: Maybe): value is string =>
  typeof value === "string" && value.includes("\n");

function mergeMaps(
  base: JsonObject,
  mine: JsonObject,
  theirs: JsonObject,
  pointer: Pointer,
  conflicts: MergeConflict[],
): JsonObject {
  const merged: JsonObject = {};
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const place = [...pointer, key];
    const value = mergeValue(own(base, key), own(mine, key), own(theirs, key), place, conflicts);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

const own = (map: JsonObject, key: string): Maybe =>
  Object.hasOwn(map, key) ? map[key] : undefined;

function mergeLists(
  base: Json[],
  mine: Json[],
  theirs: Json[],
  pointer: Pointer,
  conflicts: MergeConflict[],
): Json[] {
  const sides = new Sides(base, mine, theirs);
  const order = sides.order();
  if (!order) {
    conflicts.push({ pointer, base, mine, theirs });
    return mine;
  }
  const merged: Json[] = [];
  for (const entry of order) {
    const value = mergeEntry(sides.values(entry), [...pointer, merged.length], conflicts);
    if (value !== undefined) merged.push(value);
  }
  return merged;
}

function mergeEntry(
  [base, mine, theirs]: readonly [Maybe, Maybe, Maybe],
  place: Pointer,
  conflicts: MergeConflict[],
): Maybe {
  if (base !== undefined && mine === undefined && !sameJson(base, theirs)) {
    if (theirs !== undefined) conflicts.push({ pointer: place, base, mine, theirs });
    return theirs;
  }
  return mergeValue(base, mine, theirs, place, conflicts);
}

/** An entry of the three lists: its index in base, mine and theirs, null where it is not. */
type Entry = readonly [number | null, number | null, number | null];

/** The three lists, with their entries paired. */
class Sides {
  private readonly lists: readonly [Json[], Json[], Json[]];
  private readonly toMine: Pairs;
  private readonly toTheirs: Pairs;
  private readonly ofMine: Pairs;
  private readonly ofTheirs: Pairs;

  constructor(base: Json[], mine: Json[], theirs: Json[]) {
    this.lists = [base, mine, theirs];
    this.toMine = align(base, mine);
    this.toTheirs = align(base, theirs);
    this.ofMine = inverted(this.toMine);
    this.ofTheirs = inverted(this.toTheirs);
  }

  values([base, mine, theirs]: Entry): readonly [Maybe, Maybe, Maybe] {
    const value = (side: 0 | 1 | 2, index: number | null) =>
      index === null ? undefined : this.lists[side][index];
    return [value(0, base), value(1, mine), value(2, theirs)];
  }

  /** Every entry, in the order of the merged list; null where both sides reordered it. */
  order(): Entry[] | null {
    const common = [...this.toMine.keys()].filter((index) => this.toTheirs.has(index));
    const inBase = common.toSorted((one, other) => one - other);
    const inMine = ordered(common, this.toMine);
    const inTheirs = ordered(common, this.toTheirs);
    if (equal(inTheirs, inBase) || equal(inTheirs, inMine)) return this.along(1);
    return equal(inMine, inBase) ? this.along(2) : null;
  }

  /** One side's list, with what the other one added or kept put behind its neighbour there. */
  private along(side: 1 | 2): Entry[] {
    const other = side === 1 ? 2 : 1;
    const [ofHere, toHere] =
      side === 1 ? [this.ofMine, this.toMine] : [this.ofTheirs, this.toTheirs];
    const [ofThere, toThere] =
      side === 1 ? [this.ofTheirs, this.toTheirs] : [this.ofMine, this.toMine];
    const entries = this.lists[side].map((_, index) => {
      const base = ofHere.get(index) ?? null;
      return entryOf(base, side, index, base === null ? null : (toThere.get(base) ?? null));
    });
    this.lists[other].forEach((_, index) => {
      const base = ofThere.get(index) ?? null;
      if (base === null || !toHere.has(base)) {
        this.putIn(entries, entryOf(base, other, index, null), other);
      }
    });
    return entries;
  }

  private putIn(entries: Entry[], entry: Entry, side: 1 | 2): void {
    const twin = this.twin(entries, entry, side);
    if (twin >= 0) {
      const there = entries[twin] as Entry;
      entries[twin] = [null, there[1] ?? entry[1], there[2] ?? entry[2]];
      return;
    }
    const previous = (entry[side] ?? 0) - 1;
    let place = previous < 0 ? 0 : entries.findIndex((each) => each[side] === previous) + 1;
    // Behind what the other side put at the same place: mine comes first.
    while (side === 2 && entries[place]?.[2] === null && entries[place]?.[0] === null) place += 1;
    entries.splice(place, 0, entry);
  }

  /** The same entry, added by both sides. */
  private twin(entries: readonly Entry[], entry: Entry, side: 1 | 2): number {
    if (entry[0] !== null) return -1;
    const value = this.values(entry)[side];
    const other = side === 1 ? 2 : 1;
    return entries.findIndex(
      (each) =>
        each[0] === null && each[side] === null && sameJson(this.values(each)[other], value),
    );
  }
}

function entryOf(base: number | null, side: 1 | 2, index: number, other: number | null): Entry {
  return side === 1 ? [base, index, other] : [base, other, index];
}

const inverted = (pairs: Pairs): Pairs => new Map([...pairs].map(([one, other]) => [other, one]));

const ordered = (indexes: readonly number[], pairs: Pairs): number[] =>
  indexes.toSorted((one, other) => (pairs.get(one) ?? 0) - (pairs.get(other) ?? 0));

const equal = (one: readonly number[], other: readonly number[]): boolean =>
  one.every((value, index) => value === other[index]);

function withValue(body: Maybe, pointer: Pointer, value: Maybe): Maybe {
  const [head, ...rest] = pointer;
  if (head === undefined) return value;
  if (Array.isArray(body)) {
    const index = Number(head);
    const inner = rest.length > 0 ? withValue(body[index], rest, value) : value;
    return inner === undefined ? body.toSpliced(index, 1) : body.with(index, inner);
  }
  if (!isObject(body)) return body;
  const copy: JsonObject = { ...body };
  const key = String(head);
  const inner = rest.length > 0 ? withValue(copy[key], rest, value) : value;
  if (inner === undefined) delete copy[key];
  else copy[key] = inner;
  return copy;
}
