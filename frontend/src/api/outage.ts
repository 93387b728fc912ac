import { create } from "zustand";
import { config } from "@/lib/config";

export interface Outage {
  /** When it was found out, and when the server is asked the next time; milliseconds. */
  readonly since: number;
  readonly nextTry: number;
}

/** The server is away although the network is up; null while it answers. */
export const useOutage = create<{ outage: Outage | null }>(() => ({ outage: null }));

const FIRST_TRY_MS = 2000;
const LONGEST_TRY_MS = 30_000;
const PATIENCE_MS = 5000;

let delay = FIRST_TRY_MS;
let timer: ReturnType<typeof setTimeout> | undefined;

const listeners = new Set<(wasOut: boolean) => void>();

/** Calls `listener` when the server answers again, after an outage or a single lost request (`wasOut` is false). */
export function onAnswering(listener: (wasOut: boolean) => void): void {
  listeners.add(listener);
}

/** A request had no answer. One may be chance: the server is asked again before anybody is told. */
export function noAnswer(): void {
  if (timer === undefined && navigator.onLine) timer = setTimeout(() => void tryNow(), delay);
}

/** A request was answered, before the server was asked again. */
export function answered(): void {
  if (useOutage.getState().outage) isBack();
}

function isBack(): void {
  const { outage } = useOutage.getState();
  clearTimeout(timer);
  timer = undefined;
  delay = FIRST_TRY_MS;
  useOutage.setState({ outage: null });
  for (const listener of listeners) listener(outage !== null);
}

/** Asks the server whether it is there; as long as it is not, again and again, ever more seldom. */
export async function tryNow(): Promise<void> {
  clearTimeout(timer);
  if (await answers()) return isBack();
  const { outage } = useOutage.getState();
  const now = Date.now();
  useOutage.setState({ outage: { since: outage?.since ?? now, nextTry: now + delay } });
  clearTimeout(timer);
  timer = setTimeout(() => void tryNow(), delay);
  delay = Math.min(delay * 2, LONGEST_TRY_MS);
}

async function answers(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    return (await fetch(new URL("/api/health", config.apiOrigin), { signal })).ok;
  } catch {
    return false;
  }
}
