import { useEffect, useRef, useState } from "react";

const PAUSE_MS = 200;

/** Words that are shown with each key, and stand in the address once the typing pauses. */
export function useTyped(
  inAddress: string | undefined,
  onPause: (words: string | undefined) => void,
): [string | undefined, (words: string | undefined) => void] {
  const [typed, setTyped] = useState(inAddress);
  const sent = useRef(inAddress);
  useEffect(() => {
    // Back, a link, or "clear".
    if (inAddress === sent.current) return;
    sent.current = inAddress;
    setTyped(inAddress);
  }, [inAddress]);
  const told = useRef(onPause);
  told.current = onPause;
  useEffect(() => {
    if (typed === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = typed;
      told.current(typed);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped];
}
