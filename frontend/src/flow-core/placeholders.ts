/** `{slot}` in the texts of responses, as `modelservice/project/placeholders.py` reads them. */

const WRITTEN = /\{\{|\}\}|\{([^\n{}]*)\}/g;
const OPEN = /(?<!\{)\{([\w-]*)$/;

export interface TextPart {
  readonly text: string;
  /** The name in the braces; null: words. */
  readonly slot: string | null;
}

/** The whole text in parts: what stands in single braces, and what lies between. */
export function partsOf(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let words = "";
  let last = 0;
  for (const found of text.matchAll(WRITTEN)) {
    words += text.slice(last, found.index);
    last = found.index + found[0].length;
    if (found[1] === undefined) {
      words += found[0];
      continue;
    }
    if (words) parts.push({ text: words, slot: null });
    words = "";
    parts.push({ text: found[0], slot: found[1] });
  }
  words += text.slice(last);
  if (words) parts.push({ text: words, slot: null });
  return parts;
}

/** What has been typed of a name behind an open brace before the caret; null: there is none. */
export function openedBefore(text: string, caret: number): string | null {
  return OPEN.exec(text.slice(0, caret))?.[1] ?? null;
}

/** The text with a slot where a name was begun before the caret (or at it), and where the caret is then. */
export function withSlot(
  text: string,
  caret: number,
  slot: string,
): { text: string; caret: number } {
  const begun = openedBefore(text, caret);
  const start = begun === null ? caret : caret - begun.length - 1;
  const rest = text.slice(caret).replace(begun === null ? /^$/ : /^[\w-]*\}/, "");
  const before = `${text.slice(0, start)}{${slot}}`;
  return { text: before + rest, caret: before.length };
}

/** The slot that ends at the caret, as a place in the text: Backspace takes it as a whole. */
export function slotEndingAt(text: string, caret: number): { from: number; to: number } | null {
  let at = 0;
  for (const part of partsOf(text)) {
    const to = at + part.text.length;
    if (to === caret && part.slot) return { from: at, to };
    at = to;
  }
  return null;
}

const MOST_TYPOS = 2;

/** The known name that somebody most likely meant. */
export function closest(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let fewest = Math.min(MOST_TYPOS, Math.floor(name.length / 2)) + 1;
  for (const each of known) {
    if (Math.abs(each.length - name.length) >= fewest) continue;
    const typos = distance(name.toLowerCase(), each.toLowerCase());
    if (typos < fewest) [best, fewest] = [each, typos];
  }
  return best;
}

/** How many letters have to be put in, taken out or changed. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [place, wanted] of [...other].entries()) {
      const changed = (row[place] ?? 0) + (letter === wanted ? 0 : 1);
      next.push(Math.min(changed, (row[place + 1] ?? 0) + 1, (next[place] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
