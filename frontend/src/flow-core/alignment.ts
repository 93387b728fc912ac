import { isObject, type Json, type JsonObject } from "./json";

/**
 * Which entry of one list is which entry of another. The server's `modelservice/project/alignment.py` does the same;
 * both run the table of cases in `tests/studio/content/merge_cases.json`.
 */

const STEP_KINDS = ["action", "collect", "link", "call", "set_slots", "noop"];
/** Keys whose text names an entry of a list: steps by id, branches by condition, others by name. */
const NAMING_KEYS = ["id", "if", "name", "intent"];

export type Pairs = Map<number, number>;

/**
 * Index before to index after, of every entry that is in both. Entries are paired by name, then by equal content in
 * order, then by shape where both lists have unpaired entries at the same place.
 */
export function align(before: readonly Json[], after: readonly Json[]): Pairs {
  const pairs = byName(before, after);
  byContent(before, after, pairs);
  byShape(before, after, pairs);
  return pairs;
}

/** Equal texts for equal values; the order of keys does not count. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] as Json)}`).join(",")}}`;
}

/** What names the entry in its list; null where only its content tells it apart. */
function nameOf(entry: Json): string | null {
  if (!isObject(entry)) return null;
  for (const key of NAMING_KEYS) {
    if (typeof entry[key] === "string") return JSON.stringify([key, entry[key]]);
  }
  if ("else" in entry) return "else";
  const [key, ...others] = Object.keys(entry);
  if (key !== undefined && others.length === 0 && !STEP_KINDS.includes(key)) {
    return JSON.stringify(["key", key]);
  }
  return null;
}

function byName(before: readonly Json[], after: readonly Json[]): Pairs {
  const places = onlyOnce(after);
  const pairs: Pairs = new Map();
  for (const [name, index] of onlyOnce(before)) {
    const place = places.get(name);
    if (place !== undefined) pairs.set(index, place);
  }
  return pairs;
}

/** Name to index, of names that one entry has. */
function onlyOnce(entries: readonly Json[]): Map<string, number> {
  const found = new Map<string, number>();
  const twice = new Set<string>();
  entries.forEach((entry, index) => {
    const name = nameOf(entry);
    if (name === null) return;
    if (found.has(name)) twice.add(name);
    found.set(name, index);
  });
  for (const name of twice) found.delete(name);
  return found;
}

interface Unpaired {
  index: number;
  text: string;
}

function byContent(before: readonly Json[], after: readonly Json[], pairs: Pairs): void {
  const taken = new Set(pairs.values());
  let left = unpaired(before, (index) => !pairs.has(index));
  let right = unpaired(after, (index) => !taken.has(index));
  let start = 0;
  while (start < left.length && start < right.length) {
    const one = left[start] as Unpaired;
    const other = right[start] as Unpaired;
    if (one.text !== other.text) break;
    pairs.set(one.index, other.index);
    start += 1;
  }
  left = left.slice(start);
  right = right.slice(start);
  while (left.length > 0 && right.length > 0 && left.at(-1)?.text === right.at(-1)?.text) {
    pairs.set((left.pop() as Unpaired).index, (right.pop() as Unpaired).index);
  }
  for (const [one, other] of common(left, right)) pairs.set(one.index, other.index);
}

function unpaired(entries: readonly Json[], wanted: (index: number) => boolean): Unpaired[] {
  return entries
    .map((entry, index) => ({ index, entry }))
    .filter(({ index }) => wanted(index))
    .map(({ index, entry }) => ({ index, text: canonical(entry) }));
}

/** A longest common subsequence. */
function common(left: readonly Unpaired[], right: readonly Unpaired[]): [Unpaired, Unpaired][] {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  const length = (one: number, other: number) => lengths[one * width + other] ?? 0;
  for (let one = left.length - 1; one >= 0; one -= 1) {
    for (let other = right.length - 1; other >= 0; other -= 1) {
      lengths[one * width + other] =
        left[one]?.text === right[other]?.text
          ? length(one + 1, other + 1) + 1
          : Math.max(length(one + 1, other), length(one, other + 1));
    }
  }
  const pairs: [Unpaired, Unpaired][] = [];
  let one = 0;
  let other = 0;
  while (one < left.length && other < right.length) {
    const here = left[one] as Unpaired;
    const there = right[other] as Unpaired;
    if (here.text === there.text) {
      pairs.push([here, there]);
      one += 1;
      other += 1;
    } else if (length(one + 1, other) >= length(one, other + 1)) one += 1;
    else other += 1;
  }
  return pairs;
}

/** Between the same neighbours, unpaired entries of one shape are the same entry, changed. */
function byShape(before: readonly Json[], after: readonly Json[], pairs: Pairs): void {
  const backwards = new Map([...pairs].map(([one, other]) => [other, one]));
  const waiting = new Map<number, number[]>();
  let neighbour = -1;
  after.forEach((_, index) => {
    const one = backwards.get(index);
    if (one !== undefined) neighbour = one;
    else waiting.set(neighbour, [...(waiting.get(neighbour) ?? []), index]);
  });
  neighbour = -1;
  before.forEach((entry, index) => {
    if (pairs.has(index)) {
      neighbour = index;
      return;
    }
    const candidates = waiting.get(neighbour) ?? [];
    const match = candidates.find((other) => alike(entry, after[other] as Json));
    if (match === undefined) return;
    pairs.set(index, match);
    // What stands before it cannot be paired any more, or pairs would cross.
    waiting.set(
      neighbour,
      candidates.filter((other) => other > match),
    );
  });
}

/** Steps are alike by their kind and what they are about; other names must not differ. */
function alike(one: Json, other: Json): boolean {
  if (!isObject(one) || !isObject(other)) return typeOf(one) === typeOf(other);
  const names = [nameOf(one), nameOf(other)].filter(
    (name) => name !== null && !name.startsWith('["if"'),
  );
  const differ = names.length === 2 && names[0] !== names[1];
  return !differ && shape(one) === shape(other);
}

function shape(entry: JsonObject): string {
  const kind = STEP_KINDS.find((each) => each in entry) ?? "";
  const about = kind === "collect" ? canonical(entry["collect"] as Json) : "";
  return JSON.stringify([kind, about, "if" in entry, "else" in entry]);
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}
