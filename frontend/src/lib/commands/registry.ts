import { create } from "zustand";
import { isSingleKey, type KeySpelling, type Keystroke, parseKeys, sameStroke } from "./key-match";

/** Something a person can do here and now: by its key, from the palette, and listed under `?`. */
export interface Command {
  id: string;
  /** What it does, as a short sentence in the user's language. */
  label: string;
  /** Heading in the list of keys. */
  group: string;
  keys?: readonly KeySpelling[];
  /** Absent from the palette (movement keys make no sense there). */
  hidden?: boolean;
  /** Works while a text field has the focus; a single letter never does. */
  inFields?: boolean;
  run: () => void;
}

/** How far inside the page commands belong: of two with one key the innermost wins, then the later one. */
export type CommandLevel = "shell" | "page" | "part";

const LEVELS: readonly CommandLevel[] = ["shell", "page", "part"];

interface Registry {
  scopes: { id: number; level: CommandLevel; commands: readonly Command[] }[];
}

export const useCommandRegistry = create<Registry>(() => ({ scopes: [] }));

let scopeCount = 0;

/** Returns the function that takes the commands away again. */
export function registerCommands(commands: readonly Command[], level: CommandLevel): () => void {
  scopeCount += 1;
  const id = scopeCount;
  useCommandRegistry.setState(({ scopes }) => ({ scopes: [...scopes, { id, level, commands }] }));
  return () =>
    useCommandRegistry.setState(({ scopes }) => ({
      scopes: scopes.filter((scope) => scope.id !== id),
    }));
}

export function allCommands(): Command[] {
  return useCommandRegistry
    .getState()
    .scopes.toSorted(
      (one, other) => LEVELS.indexOf(other.level) - LEVELS.indexOf(one.level) || other.id - one.id,
    )
    .flatMap((scope) => scope.commands);
}

export interface Situation {
  /** A text field or editor has the focus. */
  typing: boolean;
  /** The person keeps single-letter keys on. */
  singleKeys: boolean;
}

export type Match = { kind: "run"; command: Command } | { kind: "prefix" } | { kind: "none" };

/** Single letters act only while nobody types; other keys in fields only where that is meant. */
function available(command: Command, wanted: readonly Keystroke[], situation: Situation): boolean {
  if (isSingleKey(wanted)) return !situation.typing && situation.singleKeys;
  return !situation.typing || command.inFields === true;
}

function begins(wanted: readonly Keystroke[], strokes: readonly Keystroke[]): boolean {
  return strokes.every((stroke, index) => {
    const want = wanted[index];
    return want !== undefined && sameStroke(want, stroke);
  });
}

/** What the strokes pressed so far mean: a command, the beginning of one ("g" of "g f"), or nothing. */
export function matchCommand(strokes: readonly Keystroke[], situation: Situation): Match {
  let prefix = false;
  for (const command of allCommands()) {
    for (const spelling of command.keys ?? []) {
      const wanted = parseKeys(spelling);
      if (!available(command, wanted, situation) || !begins(wanted, strokes)) continue;
      if (wanted.length === strokes.length) return { kind: "run", command };
      prefix = true;
    }
  }
  return prefix ? { kind: "prefix" } : { kind: "none" };
}
