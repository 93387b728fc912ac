export interface Piece {
  readonly text: string;
  readonly marked: boolean;
}

/** Cuts a text so that the words that mattered can be marked; capitals make no difference. */
export function markedWords(text: string, words: readonly string[]): Piece[] {
  const escaped = words
    .filter((word) => word.trim())
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (escaped.length === 0) return [{ text, marked: false }];
  const longestFirst = escaped.sort((one, other) => other.length - one.length).join("|");
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${longestFirst})(?![\\p{L}\\p{N}])`, "giu");
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), marked: false });
    pieces.push({ text: match[0], marked: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), marked: false });
  return pieces;
}
