import { useEffect, useRef, useState } from "react";

const PAUSE_MS = 60;
const LONGEST_MS = 600;

/** How many of the steps are lit by now: new ones follow each other 60 ms apart, at most 600 ms in all. */
export function useLitSteps(steps: readonly string[]): number {
  const [lit, setLit] = useState(0);
  const before = useRef<readonly string[]>([]);
  useEffect(() => {
    const grown = before.current.every((step, index) => step === steps[index]);
    const start = grown ? before.current.length : 0;
    before.current = steps;
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (still || steps.length - start <= 1) {
      setLit(steps.length);
      return;
    }
    const pause = Math.min(PAUSE_MS, LONGEST_MS / (steps.length - start));
    setLit(start + 1);
    const timer = setInterval(() => {
      setLit((count) => {
        if (count + 1 >= steps.length) clearInterval(timer);
        return Math.min(count + 1, steps.length);
      });
    }, pause);
    return () => clearInterval(timer);
  }, [steps]);
  return lit;
}
