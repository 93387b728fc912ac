import { createStore, useStore } from "zustand";
import type { ClosePair } from "@/api/understanding";

/** Pairs that a person keeps as they are, by assistant; remembered in this browser. */
const kept = createStore<Record<string, readonly string[]>>(() => ({}));
const stored = (assistant: string) => `kept examples ${assistant}`;

function of(assistant: string): readonly string[] {
  return (
    kept.getState()[assistant] ??
    (JSON.parse(window.localStorage.getItem(stored(assistant)) ?? "[]") as string[])
  );
}

function set(assistant: string, keys: readonly string[]): void {
  window.localStorage.setItem(stored(assistant), JSON.stringify(keys));
  kept.setState({ [assistant]: keys });
}

// By their words: their intents may get other names.
const keyOf = ({ here, there }: ClosePair) => [here.text, there.text].sort().join("\n");

export function useKeptPairs(assistant: string) {
  const keys = useStore(kept, (all) => all[assistant]) ?? of(assistant);
  return {
    isKept: (pair: ClosePair) => keys.includes(keyOf(pair)),
    keep: (pair: ClosePair) => set(assistant, [...of(assistant), keyOf(pair)]),
    showAgain: (pairs: readonly ClosePair[]) => {
      const gone = new Set(pairs.map(keyOf));
      set(
        assistant,
        of(assistant).filter((key) => !gone.has(key)),
      );
    },
  };
}
