import { useSyncExternalStore } from "react";

const USUAL_SIZE = 16;
const NARROW = 1100;

/** How many times the usual text size a person reads with; what scripts measure in pixels grows by it. */
export function textScale(): number {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return (size || USUAL_SIZE) / USUAL_SIZE;
}

/** The window is small for its text: the same point as `@container page (max-width: 68.75rem)`. */
export function useNarrow(): boolean {
  return useSyncExternalStore(onResize, () => window.innerWidth <= NARROW * textScale());
}

function onResize(changed: () => void): () => void {
  window.addEventListener("resize", changed);
  return () => window.removeEventListener("resize", changed);
}
