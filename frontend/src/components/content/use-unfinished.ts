import { useEffect, useMemo, useRef, useState } from "react";
import type { Problem } from "@/api/types";

/** `unfinished`: of what somebody is just writing. It is told in grey until they leave the field. */
export type ShownProblem = Problem & { unfinished?: boolean };

// The checks answer a little after the last key: what mended a problem on leaving is not told for a moment.
const LEAVING_MS = 1000;

/**
 * Marks the problems that came up while their field is written. `visit` names what is written, null while nothing is:
 * coming to it, one is told what was wrong before.
 */
export function useUnfinished(
  problems: readonly Problem[],
  visit: string | null,
  isHere: (problem: Problem) => boolean = everything,
): readonly ShownProblem[] {
  const [told, setTold] = useState(() => ({ visit, keys: keysOf(problems) }));
  if (told.visit !== visit) setTold({ visit, keys: keysOf(problems) });
  const { keys } = told;
  const known = useRef(problems);
  known.current = problems;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leave = () => {
      const left = keysOf(known.current);
      clearTimeout(timer);
      timer = setTimeout(
        () => setTold((now) => ({ ...now, keys: new Set([...now.keys, ...left]) })),
        LEAVING_MS,
      );
    };
    window.addEventListener("focusout", leave);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focusout", leave);
    };
  }, []);
  return useMemo(
    () =>
      problems.map((problem) =>
        visit !== null && !keys.has(keyOf(problem)) && isHere(problem)
          ? { ...problem, unfinished: true }
          : problem,
      ),
    [problems, visit, keys, isHere],
  );
}

const everything = () => true;
const keysOf = (problems: readonly Problem[]): ReadonlySet<string> => new Set(problems.map(keyOf));
const keyOf = ({ code, pointer, message }: Problem) => `${code} ${pointer} ${message}`;
