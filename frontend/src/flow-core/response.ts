import { type Condition, formatCondition } from "./condition";
import { isObject, type Json, type JsonObject } from "./json";
import { partsOf } from "./placeholders";

/** The body of a response: variations in the order in which they stand. All edits give a new body. */
export type ResponseBody = readonly Json[];

export function variationAt(body: ResponseBody, index: number): JsonObject {
  const variation = body[index];
  return isObject(variation) ? variation : {};
}

export function replaced(body: ResponseBody, index: number, variation: JsonObject): Json[] {
  return body.map((each, place) => (place === index ? variation : each));
}

/** The object with a value at a key; undefined takes the key away. */
export function withKey(object: JsonObject, key: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...object, [key]: value };
  const { [key]: _gone, ...rest } = object;
  return rest;
}

/** Places of the variations that are said always, and of those that depend on a condition. */
export function placesOf(body: ResponseBody): { plain: number[]; conditional: number[] } {
  const places = body.map((_, index) => index);
  const depends = (index: number) => variationAt(body, index)["condition"] !== undefined;
  return {
    plain: places.filter((index) => !depends(index)),
    conditional: places.filter(depends),
  };
}

/** The condition as text; the older form, a list of slots with values, is written as one. */
export function conditionText(variation: JsonObject): string {
  const { condition } = variation;
  if (!Array.isArray(condition)) return typeof condition === "string" ? condition : "";
  const clauses = condition.filter(isObject).map(({ name, value }) => ({
    namespace: "slots" as const,
    name: String(name ?? ""),
    operator: value === null || value === undefined ? ("empty" as const) : ("is" as const),
    value: value === undefined || typeof value === "object" ? null : value,
  }));
  const all: Condition = { joiner: "and", clauses };
  return formatCondition(all);
}

/** Exchanges a variation with the one above or below it in its group. */
export function moved(body: ResponseBody, group: readonly number[], at: number, to: number) {
  const [from, target] = [group[at], group[to]];
  if (from === undefined || target === undefined) return [...body];
  const order = group.toSpliced(at, 1).toSpliced(to, 0, from);
  const next = [...body];
  for (const [index, place] of group.entries()) next[place] = body[order[index] ?? place] ?? null;
  return next;
}

export function buttonsOf(variation: JsonObject): JsonObject[] {
  const { buttons } = variation;
  return Array.isArray(buttons) ? buttons.filter(isObject) : [];
}

/** Null: the variations have different ones. */
export function sharedButtons(body: ResponseBody): JsonObject[] | null {
  const all = body.map((_, index) => buttonsOf(variationAt(body, index)));
  const [first = []] = all;
  const same = all.every((each) => JSON.stringify(each) === JSON.stringify(first));
  return same ? first : null;
}

export function withButtons(variation: JsonObject, buttons: JsonObject[]): JsonObject {
  return withKey(variation, "buttons", buttons.length > 0 ? buttons : undefined);
}

export function withSharedButtons(body: ResponseBody, buttons: JsonObject[]): Json[] {
  return body.map((_, index) => withButtons(variationAt(body, index), structuredClone(buttons)));
}

/** A further way to say the same keeps the buttons of the first. */
export function newVariation(body: ResponseBody, more: JsonObject = {}): JsonObject {
  return withButtons({ text: "", ...more }, structuredClone(buttonsOf(variationAt(body, 0))));
}

export function translationOf(variation: JsonObject, language: string): string {
  const { translation } = variation;
  const text = isObject(translation) ? translation[language] : undefined;
  return typeof text === "string" ? text : "";
}

/** Without words the language goes. */
export function withTranslation(owner: JsonObject, language: string, value: Json): JsonObject {
  const { translation } = owner;
  const before = isObject(translation) ? translation : {};
  const next = withKey(before, language, value === "" || value === null ? undefined : value);
  return withKey(owner, "translation", Object.keys(next).length > 0 ? next : undefined);
}

export function buttonTranslation(button: JsonObject, language: string): string {
  const { translation } = button;
  const found = isObject(translation) ? translation[language] : undefined;
  const title = isObject(found) ? found["title"] : undefined;
  return typeof title === "string" ? title : "";
}

export function withButtonTranslation(
  button: JsonObject,
  language: string,
  title: string,
): JsonObject {
  const { translation } = button;
  const found = isObject(translation) ? translation[language] : undefined;
  const next = withKey(isObject(found) ? found : {}, "title", title === "" ? undefined : title);
  return withTranslation(button, language, Object.keys(next).length > 0 ? next : "");
}

/** How many texts there are to translate, and how many of them the language lacks; shared buttons count once. */
export function translationCounts(body: ResponseBody, language: string) {
  const shared = sharedButtons(body);
  let texts = 0;
  let missing = 0;
  for (const index of body.keys()) {
    const variation = variationAt(body, index);
    const buttons = shared && index > 0 ? [] : buttonsOf(variation);
    const rows = [
      { text: variation["text"], translation: translationOf(variation, language) },
      ...buttons.map((button) => ({
        text: button["title"],
        translation: buttonTranslation(button, language),
      })),
    ].filter(({ text }) => typeof text === "string" && text.trim() !== "");
    texts += rows.length;
    missing += rows.filter(({ translation }) => translation.trim() === "").length;
  }
  return { texts, missing };
}

/** What the response itself says about being said in other words; null: as the assistant. */
export function rephraseOf(body: ResponseBody): boolean | null {
  for (const index of body.keys()) {
    const said = metadataAt(body, index)["rephrase"];
    if (typeof said === "boolean") return said;
  }
  return null;
}

export function promptOf(body: ResponseBody): string {
  for (const index of body.keys()) {
    const prompt = metadataAt(body, index)["rephrase_prompt"];
    if (typeof prompt === "string") return prompt;
  }
  return "";
}

/** A key of the metadata, in every variation. */
export function withMetadata(body: ResponseBody, key: string, value: Json | undefined): Json[] {
  return body.map((_, index) => {
    const metadata = withKey(metadataAt(body, index), key, value);
    const kept = Object.keys(metadata).length > 0 ? metadata : undefined;
    return withKey(variationAt(body, index), "metadata", kept);
  });
}

function metadataAt(body: ResponseBody, index: number): JsonObject {
  const { metadata } = variationAt(body, index);
  return isObject(metadata) ? metadata : {};
}

export function filled(text: string, samples: ReadonlyMap<string, string>): string {
  return partsOf(text)
    .map(({ text: part, slot }) => (slot === null ? part : (samples.get(slot) ?? part)))
    .join("");
}

const NAME_WORDS = 6;
const LONGEST_NAME = 48;

/** A name for a response that says these words: `utter_` and the first of them, as an identifier. */
export function nameFrom(text: string, taken: (name: string) => boolean): string {
  const plain = text.replace(/\{[^{}]*\}/g, (slot) => ` ${slot.slice(1, -1)} `);
  const words = plain
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu);
  const begun = (words ?? ["message"]).slice(0, NAME_WORDS).join("_").slice(0, LONGEST_NAME);
  const name = `utter_${begun.replace(/_+$/, "")}`;
  if (!taken(name)) return name;
  let number = 2;
  while (taken(`${name}_${number}`)) number += 1;
  return `${name}_${number}`;
}
