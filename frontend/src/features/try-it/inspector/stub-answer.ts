import { isObject, type Json, type JsonObject } from "@/flow-core/json";

/** An action's answer as people fill it in: what it says and which slots it sets. */
export interface StubForm {
  readonly texts: readonly string[];
  readonly slots: readonly { readonly name: string; readonly value: Json }[];
}

/** The form as an action server would answer it. */
export function answerOf({ texts, slots }: StubForm): JsonObject {
  return {
    responses: texts.filter((text) => text.trim()).map((text) => ({ text })),
    events: slots
      .filter(({ name }) => name)
      .map(({ name, value }) => ({ event: "slot", name, value })),
  };
}

/** The answer as a form; null when it has more in it than the form can show. */
export function formOf(answer: JsonObject): StubForm | null {
  const { responses = [], events = [], ...rest } = answer;
  if (Object.keys(rest).length > 0 || !Array.isArray(responses) || !Array.isArray(events))
    return null;
  const texts = responses.map((each) => (has(each, "text") ? each["text"] : null));
  const slots = events.map((each) => (has(each, "event", "name", "value") ? slotOf(each) : null));
  if (!texts.every((text) => typeof text === "string")) return null;
  if (!slots.every((slot) => slot !== null)) return null;
  return { texts, slots };
}

function slotOf({ event, name, value = null }: JsonObject): StubForm["slots"][0] | null {
  return event === "slot" && typeof name === "string" ? { name, value } : null;
}

function has(value: Json, ...keys: string[]): value is JsonObject {
  return isObject(value) && Object.keys(value).every((key) => keys.includes(key));
}
