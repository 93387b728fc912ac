import { useEffect, useMemo, useRef, useState } from "react";
import type { Problem } from "@/api/types";

/** `unfinished`: of what somebody is just writing. It is told in grey until they leave the field. */
export type ShownProblem = Problem & { unfinished?: boolean };

// The checks answer a little after the last key: what mended a problem on leaving is not told for a moment.
const LEAVING_MS = 1000;

/**
 * Marks the problems that came up while their field is written. `visit` names what is written, null while nothing is:
 * coming to it, one is told what was wrong before. Once no field is written any more, all is told as it comes in:
 * the checks may answer long after the leaving.
 */
export function useUnfinished(
  problems: readonly Problem[],
  visit: string | null,
  isHere: (problem: Problem) => boolean = everything,
): readonly ShownProblem[] {
  const [told, setTold] = useState(() => arrival(visit, problems));
  if (told.visit !== visit) setTold(arrival(visit, problems));
  const { keys, writing } = told;
  const known = useRef(problems);
  known.current = problems;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leave = () => {
      const left = keysOf(known.current);
      clearTimeout(timer);
      timer = setTimeout(() => {
        const writing = isField(document.activeElement);
        setTold((now) => ({ ...now, writing, keys: new Set([...now.keys, ...left]) }));
      }, LEAVING_MS);
    };
    const enter = ({ target }: FocusEvent) => {
      if (!isField(target)) return;
      const before = keysOf(known.current);
      setTold((now) => (now.writing ? now : { ...now, writing: true, keys: before }));
    };
    window.addEventListener("focusout", leave);
    window.addEventListener("focusin", enter);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("focusout", leave);
      window.removeEventListener("focusin", enter);
    };
  }, []);
  return useMemo(
    () =>
      problems.map((problem) =>
        writing && visit !== null && !keys.has(keyOf(problem)) && isHere(problem)
          ? { ...problem, unfinished: true }
          : problem,
      ),
    [problems, visit, keys, writing, isHere],
  );
}

/** Fields take the focus a moment after what they belong to is opened: it counts as written at once. */
function arrival(visit: string | null, problems: readonly Problem[]) {
  return { visit, keys: keysOf(problems), writing: true };
}

const isField = (element: EventTarget | null) =>
  element instanceof HTMLElement &&
  (element.isContentEditable || element.matches("input, textarea, select"));
const everything = () => true;
const keysOf = (problems: readonly Problem[]): ReadonlySet<string> => new Set(problems.map(keyOf));
const keyOf = ({ code, pointer, message }: Problem) => `${code} ${pointer} ${message}`;
