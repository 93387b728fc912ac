import { createStore, useStore } from "zustand";
import type { SaveState } from "@/api/autosave";
import { isApiError } from "@/api/errors";
import { onAnswering } from "@/api/outage";
import { queryClient } from "@/api/query-client";
import { type ExampleChange, understanding, understandingKey } from "@/api/understanding";
import { toast } from "@/components/feedback/toast";
import { i18n } from "@/i18n/i18n";

interface Waiting {
  /** What the server does not have yet, one act after the other. */
  acts: readonly (readonly ExampleChange[])[];
  savedAt: string | null;
  error: Error | null;
}

const AGAIN_MS = 3000;
const NOTHING: Waiting = { acts: [], savedAt: null, error: null };
const waiting = createStore<Record<string, Waiting>>(() => ({}));
const sending = new Set<string>();
/** The assistant of each key of this visit. */
const visited = new Map<string, string>();

const stored = (key: string) => `unsaved examples ${key}`;

function of(key: string): Waiting {
  const known = waiting.getState()[key];
  if (known) return known;
  const text = window.sessionStorage.getItem(stored(key));
  return text === null ? NOTHING : { ...NOTHING, acts: JSON.parse(text) as Waiting["acts"] };
}

function set(key: string, change: Partial<Waiting>): void {
  const next = { ...of(key), ...change };
  if (next.acts.length > 0) window.sessionStorage.setItem(stored(key), JSON.stringify(next.acts));
  else window.sessionStorage.removeItem(stored(key));
  waiting.setState({ [key]: next });
}

/** Changes of examples, sent in their order; what cannot be sent waits in this tab and is tried again. */
export function sendExamples(key: string, assistant: string, act?: readonly ExampleChange[]): void {
  visited.set(key, assistant);
  if (act && act.length > 0) set(key, { acts: [...of(key).acts, act] });
  if (!sending.has(key)) void sendAll(key, assistant);
}

// The server answers again after an outage.
onAnswering(() => {
  for (const [key, assistant] of visited) sendExamples(key, assistant);
});

/** The server is away or busy, or the person has to sign in again; all else it will refuse again. */
function waits(status: number): boolean {
  return status === 0 || status === 401 || status === 429 || status >= 500;
}

/** Says why; the words that were written can be put in as a new example, so that none is lost. */
function refused(
  key: string,
  assistant: string,
  act: readonly ExampleChange[],
  reason: string,
): void {
  const [change] = act;
  const becomes = act.length === 1 ? change?.becomes : null;
  if (!change?.was || !becomes || change.was.text === becomes.text) toast.failed(reason);
  else
    toast.failed(reason, {
      action: {
        label: i18n.t("understanding:addAsNew"),
        run: () => sendExamples(key, assistant, [{ was: null, becomes }]),
      },
    });
}

async function sendAll(key: string, assistant: string): Promise<void> {
  sending.add(key);
  try {
    for (let act = of(key).acts[0]; act; act = of(key).acts[0]) {
      await understanding.change(assistant, act).catch((error: unknown) => {
        if (!isApiError(error) || waits(error.status)) throw error;
        refused(key, assistant, act, error.message);
      });
      await queryClient.invalidateQueries({ queryKey: understandingKey(assistant) });
      set(key, { acts: of(key).acts.slice(1), savedAt: new Date().toISOString(), error: null });
    }
  } catch (error) {
    set(key, { error: error instanceof Error ? error : new Error(String(error)) });
    setTimeout(() => sendExamples(key, assistant), AGAIN_MS);
  } finally {
    sending.delete(key);
  }
}

export function useWaitingExamples(key: string): Waiting["acts"] {
  return useStore(waiting, (all) => all[key]?.acts ?? NOTHING.acts);
}

export function useExamplesSaved(key: string): SaveState {
  const state = useStore(waiting, (all) => all[key] ?? NOTHING);
  const status = state.error ? "failed" : state.acts.length > 0 ? "saving" : "saved";
  return { status, savedAt: state.savedAt, savedBy: null, error: state.error, conflict: null };
}
