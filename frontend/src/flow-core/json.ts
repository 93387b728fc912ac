/** Any value of a parsed YAML or JSON document. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Equal in content; the order of keys does not matter, the order of items does. */
export function sameJson(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => sameJson(item, other[index]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key], other[key]))
  );
}

/** The place of the one text by which two values differ, as a JSON pointer; null where they differ by more. */
export function textThatDiffers(one: Json, other: Json): string | null {
  if (typeof one === "string" && typeof other === "string") return "";
  const both = Array.isArray(one) ? Array.isArray(other) : isObject(one) && isObject(other);
  if (!both) return null;
  const [here, there] = [Object.entries(one ?? {}), Object.entries(other ?? {})];
  if (here.length !== there.length) return null;
  const different = here.filter(
    ([key, value], index) => key !== there[index]?.[0] || !sameJson(value, there[index][1]),
  );
  const [first] = different;
  if (different.length !== 1 || !first) return null;
  const [key, value] = first;
  const twin = there.find(([name]) => name === key)?.[1];
  const place = twin === undefined ? null : textThatDiffers(value, twin);
  return place === null ? null : `/${key}${place}`;
}
