/** Flows take only what begins so for something to say. */
const PREFIX = "utter_";

/** Why a response cannot have this name; null where it can. */
export function problemOf(
  name: string,
  before: string,
  taken: (name: string) => boolean,
): "noPrefix" | "taken" | null {
  if (!name.startsWith(PREFIX) || name === PREFIX) return "noPrefix";
  return name !== before && taken(name) ? "taken" : null;
}
