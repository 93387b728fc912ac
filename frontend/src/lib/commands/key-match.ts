/** A key as written for people: "Ctrl K", "Shift N", "g f" (one after the other), "?", "Delete". */
export type KeySpelling = string;

export interface Keystroke {
  key: string;
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
}

const NAMES: Record<string, string> = {
  "↑": "ArrowUp",
  "↓": "ArrowDown",
  "←": "ArrowLeft",
  "→": "ArrowRight",
  Esc: "Escape",
};

/** Splits "Ctrl Shift Z" or "g f" into the strokes it takes. */
export function parseKeys(spelling: KeySpelling): Keystroke[] {
  const strokes: Keystroke[] = [];
  let pending = { ctrl: false, shift: false, alt: false };
  for (const word of spelling.split(" ")) {
    if (word === "Ctrl") pending = { ...pending, ctrl: true };
    else if (word === "Shift") pending = { ...pending, shift: true };
    else if (word === "Alt") pending = { ...pending, alt: true };
    else {
      strokes.push({ key: NAMES[word] ?? word, ...pending });
      pending = { ctrl: false, shift: false, alt: false };
    }
  }
  return strokes;
}

/** On a Mac the command key stands for Ctrl. */
export function strokeOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">,
): Keystroke {
  return {
    key: event.key,
    ctrl: event.ctrlKey || event.metaKey,
    shift: event.shiftKey,
    alt: event.altKey,
  };
}

export function sameStroke(wanted: Keystroke, pressed: Keystroke): boolean {
  if (wanted.ctrl !== pressed.ctrl || wanted.alt !== pressed.alt) return false;
  const letter = /^[a-z]$/i.test(wanted.key);
  // Signs such as "?" need Shift on some keyboards and not on others, so only letters and names compare it.
  const sign = wanted.key.length === 1 && !letter;
  if (!sign && wanted.shift !== pressed.shift) return false;
  return wanted.key.toLowerCase() === pressed.key.toLowerCase();
}

/** A lone letter or sign: it acts only while no text field has the focus. */
export function isSingleKey(strokes: readonly Keystroke[]): boolean {
  return strokes.every((stroke) => stroke.key.length === 1 && !stroke.ctrl && !stroke.alt);
}
