import { align } from "./alignment";
import { mergeBodies } from "./merge";

export interface Piece {
  readonly text: string;
  /** It is not in the text of before. */
  readonly added: boolean;
}

/**
 * Words and single other characters, each with the space before it; together they are the text behind a space. Without
 * that space the first word would be another one than the same word further on.
 */
const wordsOf = (text: string): string[] =>
  ` ${text}`.match(/\s*[\p{L}\p{N}_]+|\s*[^\s\p{L}\p{N}_]|\s+$/gu) ?? [];

/** The text in pieces, so that what is new against the one of before can be marked. */
export function addedWords(before: string, text: string): Piece[] {
  const words = wordsOf(text);
  const kept = new Set<number>();
  const old = wordsOf(before);
  for (const [one, other] of align(old, words)) if (old[one] === words[other]) kept.add(other);
  const pieces: Piece[] = [];
  for (const [index, word] of words.entries()) {
    const added = !kept.has(index);
    const last = pieces.at(-1);
    if (last?.added === added) pieces[pieces.length - 1] = { text: last.text + word, added };
    else pieces.push({ text: word, added });
  }
  const [first, ...others] = pieces;
  return first ? [{ ...first, text: first.text.slice(1) }, ...others] : [];
}

/**
 * What both made of a text, together: word by word where their changes do not touch, else one after the other.
 */
export function joinedTexts(base: string, mine: string, theirs: string): string {
  const merged = mergeBodies(wordsOf(base), wordsOf(mine), wordsOf(theirs));
  if (merged.conflicts.length === 0 && Array.isArray(merged.body))
    return merged.body.join("").slice(1);
  return mine + (`${mine}${theirs}`.includes("\n") ? "\n" : " ") + theirs;
}
