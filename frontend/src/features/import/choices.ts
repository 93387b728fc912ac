import type { ImportedItem, ImportPlan } from "@/api/imports";

export const idOf = ({ kind, key }: Pick<ImportedItem, "kind" | "key">) => `${kind} ${key}`;

/** What a person is asked about: some flows of a project say nothing of what they do not have. */
export const toChoose = ({ diff, part }: Pick<ImportPlan, "diff" | "part">) =>
  part ? diff.filter(({ action }) => action !== "removed") : diff;

/** New and changed items are ticked; removals, and what would undo somebody's work, are not. */
export function firstChoice(items: readonly ImportedItem[]): ReadonlySet<string> {
  return new Set(
    items
      .filter(({ action, undoes, allowed }) => allowed && !undoes && action !== "removed")
      .map(idOf),
  );
}

/** After a new preview: what was decided stays, what is new is as at first. */
export function choiceAgain(
  before: readonly ImportedItem[],
  chosen: ReadonlySet<string>,
  now: readonly ImportedItem[],
): ReadonlySet<string> {
  const known = new Set(before.map(idOf));
  const first = firstChoice(now);
  return new Set(now.map(idOf).filter((id) => (known.has(id) ? chosen.has(id) : first.has(id))));
}

/** Items that would be missing, though something refers to them: new ones that are not ticked, old ones that
 * are to be removed. With each, who needs it. */
export function missing(
  items: readonly ImportedItem[],
  chosen: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const asked = new Set(items.map(idOf));
  const gone = new Set(
    items.filter((item) => item.action === "removed" && chosen.has(idOf(item))).map(idOf),
  );
  const found = new Map<string, readonly string[]>();
  for (const item of items) {
    const id = idOf(item);
    const absent = item.action === "removed" ? chosen.has(id) : !chosen.has(id);
    if (!absent || item.action === "changed") continue;
    const users = [
      ...item.needed_now.filter((user) => !(asked.has(user) && chosen.has(user))),
      ...item.needed_then.filter((user) => chosen.has(user)),
    ].filter((user) => !gone.has(user));
    if (users.length > 0) found.set(id, [...new Set(users)]);
  }
  return found;
}
