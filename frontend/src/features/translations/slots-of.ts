import { partsOf } from "@/flow-core/placeholders";

interface Of {
  readonly jinja: boolean;
  readonly slots: readonly string[];
}

/** Of the slots of a reference, those that a translation lacks; and those that only it has. */
export function slotsOf(row: Of, text: string): { missing: string[]; foreign: string[] } {
  if (row.jinja) return { missing: [], foreign: [] };
  const own = new Set(partsOf(text).flatMap(({ slot }) => (slot?.trim() ? [slot] : [])));
  return {
    missing: row.slots.filter((slot) => !own.has(slot)),
    foreign: [...own].filter((slot) => !row.slots.includes(slot)),
  };
}
