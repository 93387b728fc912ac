import { capitalised } from "./capitalised";

const PREFIXES = /^(utter_ask_|utter_|action_ask_|action_|pattern_)/;

/** An identifier as words: "utter_not_enough_money" becomes "Not enough money". */
export function humanise(identifier: string): string {
  const words = identifier.replace(PREFIXES, "").replace(/[_-]+/g, " ").trim();
  return capitalised(words || identifier);
}
