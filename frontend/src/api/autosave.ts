import { isObject, type Json, sameJson } from "@/flow-core/json";
import { type MergeConflict, type Merged, mergeBodies, resolve } from "@/flow-core/merge";
import { type ApiError, isApiError } from "./errors";
import type { Item, Person } from "./types";

const DELAY_MS = 600;

export interface SaveConflict {
  /** What both began from. */
  readonly base: Json;
  /** What stands on the server now. */
  readonly current: Item<Json>;
  readonly fields: readonly MergeConflict[];
  readonly merged: Merged;
  /** With both in the places of the fields, where they can stand side by side. */
  readonly both: Json | null;
}

/** Whose words stay. */
export type Whose = "mine" | "theirs" | "both";

export interface SaveState {
  readonly status: "saved" | "waiting" | "saving" | "failed" | "conflict";
  readonly savedAt: string | null;
  readonly savedBy: Person | null;
  /** Why the last attempt failed; it stays until one succeeds, while the next is under way, too. */
  readonly error: ApiError | Error | null;
  readonly conflict: SaveConflict | null;
}

export interface Unsaved<Body extends Json> {
  readonly revision: number;
  readonly base: Body;
  readonly body: Body;
}

interface AutosaverOptions<Body extends Json> {
  stored: Item<Body>;
  save: (revision: number, body: Body) => Promise<Item<Body>>;
  /** The body changed without the author: someone else's work was merged in, or was chosen. */
  onReplace: (body: Body) => void;
  /** Of what lists ways to say the same: both sides' words; null where they cannot stand side by side. */
  keepBoth?: ((merged: Merged) => Body | null) | undefined;
}

/**
 * Saves one content item 600 ms after the last change, with the revision it was read at. When someone else was
 * faster, changes of different fields are merged and saved again; the same field waits for a decision.
 */
export class Autosaver<Body extends Json> {
  private stored: Item<Body>;
  private body: Body;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private readonly options: AutosaverOptions<Body>;
  private readonly listeners = new Set<() => void>();
  private current: SaveState;

  constructor(options: AutosaverOptions<Body>) {
    this.options = options;
    this.stored = options.stored;
    this.body = options.stored.body;
    const { updated_at: savedAt, updated_by: savedBy } = options.stored;
    this.current = { status: "saved", savedAt, savedBy, error: null, conflict: null };
  }

  readonly state = (): SaveState => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** True while something is not on the server yet. */
  get pending(): boolean {
    return this.current.status !== "saved";
  }

  /** What is not on the server yet, with the revision and body it was written on. */
  get unsaved(): Unsaved<Body> | null {
    if (sameJson(this.body, this.stored.body)) return null;
    return { revision: this.stored.revision, base: this.stored.body, body: this.body };
  }

  change(body: Body): void {
    if (body === this.body) return;
    this.body = body;
    const { conflict } = this.current;
    if (conflict) {
      // What is written meanwhile is part of the decision, or makes it needless.
      if (this.join(conflict.base, conflict.current as Item<Body>)) void this.flush();
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), DELAY_MS);
    if (this.current.status !== "saving") this.set({ status: "waiting" });
  }

  /** Takes the edit `from` to `to` over into what stands here now, whatever else became of it. */
  bring(from: Body, to: Body): void {
    const body = resolve(mergeBodies(from, to, this.body), "mine") as Body;
    this.options.onReplace(body);
    this.change(body);
    void this.flush();
  }

  /** Saves at once what waits; resolves when nothing is under way any more. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (this.current.status === "conflict") return;
    if (sameJson(this.body, this.stored.body)) {
      if (this.current.status !== "saved") this.set({ status: "saved", error: null });
      return;
    }
    this.running = this.send();
    await this.running;
  }

  /** The server told of a newer revision; taken over at once unless something here waits to be saved. */
  reload(stored: Item<Body>): void {
    if (stored.revision <= this.stored.revision || this.pending) return;
    this.accept(stored);
    this.body = stored.body;
    this.options.onReplace(stored.body);
  }

  /** Ends a conflict with the values of one side or of both for the fields in question; the rest is merged either way. */
  decide(whose: Whose): void {
    const { conflict } = this.current;
    if (!conflict) return;
    const body = whose === "both" ? conflict.both : resolve(conflict.merged, whose);
    this.accept(conflict.current as Item<Body>);
    this.body = body as Body;
    this.options.onReplace(this.body);
    void this.flush();
  }

  private async send(): Promise<void> {
    const sent = this.body;
    this.set({ status: "saving" });
    try {
      this.take(await this.options.save(this.stored.revision, sent), sent);
    } catch (error) {
      this.refused(error);
    } finally {
      this.running = null;
    }
    if (this.body !== sent && this.current.status !== "conflict") {
      if (this.current.status === "saved") this.set({ status: "waiting" });
      this.timer = setTimeout(() => void this.flush(), DELAY_MS);
    }
  }

  private refused(error: unknown): void {
    const current = isApiError(error, "revision_conflict") ? error.extras["current"] : undefined;
    if (!isObject(current)) {
      this.set({
        status: "failed",
        error: error instanceof Error ? error : new Error(String(error)),
      });
      return;
    }
    const theirs = current as unknown as Item<Body>;
    if (this.join(this.stored.body, theirs)) this.timer = setTimeout(() => void this.flush());
  }

  /** The answer to a save: what was sent, or that with somebody else's work merged in by the server. */
  private take(stored: Item<Body>, sent: Body): void {
    if (sameJson(stored.body, sent)) this.accept({ ...stored, body: sent });
    else this.join(sent, stored);
  }

  /** Brings what the server has and what is here together; false where a person has to decide. */
  private join(base: Json, stored: Item<Body>): boolean {
    const merged = mergeBodies(base, this.body, stored.body);
    if (merged.conflicts.length > 0) {
      const both = this.options.keepBoth?.(merged) ?? null;
      const conflict = { base, current: stored, fields: merged.conflicts, merged, both };
      this.set({ status: "conflict", conflict });
      return false;
    }
    this.accept(stored);
    this.body = merged.body as Body;
    this.options.onReplace(this.body);
    return true;
  }

  private accept(stored: Item<Body>): void {
    this.stored = stored;
    this.set({
      status: "saved",
      savedAt: stored.updated_at,
      savedBy: stored.updated_by,
      error: null,
      conflict: null,
    });
  }

  private set(change: Partial<SaveState>): void {
    this.current = { ...this.current, ...change };
    for (const listener of this.listeners) listener();
  }
}
