import { create } from "zustand";

/** One edit: `bring` takes its object from one state to the other, whatever else became of it since. */
interface Edit<State> {
  from: State;
  to: State;
  bring: (from: State, to: State) => void;
}

interface Entry {
  id: number;
  undo: () => void;
  /** An edit of the open page can be done again. What has none, such as a deletion, outlives the page. */
  redo: (() => void) | null;
  /** The edit with the next one of its field, which came without a pause. */
  longer: ((to: unknown) => Entry) | null;
  field: string | undefined;
  at: number;
}

interface History {
  /** Newest last. */
  past: readonly Entry[];
  /** What was taken back; what is done again next stands last. */
  future: readonly Entry[];
}

const KEPT = 200;
const PAUSE_MS = 1500;

/** The one history that Ctrl Z goes back in: edits of flows and items, and what toasts offer to undo. */
export const useUndo = create<History>(() => ({ past: [], future: [] }));

let count = 0;

/** For what is no edit of the page; the number of the entry. */
export function remember(undo: () => void): number {
  count += 1;
  return add({ id: count, undo, redo: null, longer: null, field: undefined, at: Date.now() });
}

/** Edits of one `field` without a pause between them are taken back together. */
export function rememberEdit<State>(edit: Edit<State>, field?: string): number {
  const newest = useUndo.getState().past.at(-1);
  const goesOn =
    field !== undefined && newest?.field === field && Date.now() - newest.at < PAUSE_MS;
  if (goesOn && newest.longer) {
    const longer = newest.longer(edit.to);
    useUndo.setState(({ past }) => ({ past: [...past.slice(0, -1), longer], future: [] }));
    return longer.id;
  }
  count += 1;
  return add(entryOf(edit, count, field));
}

function entryOf<State>(edit: Edit<State>, id: number, field: string | undefined): Entry {
  const { from, to, bring } = edit;
  return {
    id,
    undo: () => bring(to, from),
    redo: () => bring(from, to),
    longer: (later) => entryOf({ from, to: later as State, bring }, id, field),
    field,
    at: Date.now(),
  };
}

function add(entry: Entry): number {
  useUndo.setState(({ past }) => ({ past: [...past.slice(1 - KEPT), entry], future: [] }));
  return entry.id;
}

/** Takes the newest back; false when there is nothing. */
export function undo(): boolean {
  const { past, future } = useUndo.getState();
  const entry = past.at(-1);
  if (!entry) return false;
  useUndo.setState({ past: past.slice(0, -1), future: entry.redo ? [...future, entry] : future });
  entry.undo();
  return true;
}

/** Does again what was taken back last. */
export function redo(): void {
  const { past, future } = useUndo.getState();
  const entry = future.at(-1);
  if (!entry) return;
  // What is typed next is an entry of its own.
  useUndo.setState({
    past: [...past, { ...entry, field: undefined }],
    future: future.slice(0, -1),
  });
  entry.redo?.();
}

/** Takes one back: an edit with all that came after it, anything else by itself. */
export function takeBack(id: number): void {
  const entry = useUndo.getState().past.find((each) => each.id === id);
  if (!entry) return;
  if (!entry.redo) {
    useUndo.setState(({ past }) => ({ past: past.filter((each) => each !== entry) }));
    entry.undo();
    return;
  }
  while (useUndo.getState().past.some((each) => each.id === id)) undo();
}

/** The page is left: nobody would see what an edit of it takes back. */
export function forgetEdits(): void {
  useUndo.setState(({ past }) => ({ past: past.filter((entry) => !entry.redo), future: [] }));
}
