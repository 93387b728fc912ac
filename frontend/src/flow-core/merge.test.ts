import fc from "fast-check";
import { describe, expect, it } from "vitest";
import table from "../../../tests/studio/content/merge_cases.json";
import type { Json } from "./json";
import { mergeBodies, resolve } from "./merge";
import { arbitraryFlow } from "./testing/arbitrary-flow";

interface Case {
  name: string;
  base?: Json;
  mine?: Json;
  theirs?: Json;
  merged?: Json;
  conflicts?: { pointer: (string | number)[]; base?: Json; mine?: Json; theirs?: Json }[];
  resolved?: { mine?: Json; theirs?: Json };
}

describe("mergeBodies", () => {
  it.each(table as Case[])("$name", (row) => {
    const merged = mergeBodies(row.base, row.mine, row.theirs);
    expect(merged.conflicts).toEqual(row.conflicts ?? []);
    expect(merged.body).toEqual(row.merged);
    for (const side of ["mine", "theirs"] as const) {
      const wanted = row.resolved?.[side];
      if (wanted === undefined) continue;
      expect(resolve(merged, side) ?? "(deleted)").toEqual(wanted);
    }
  });

  it("takes the other side whole when this one changed nothing, and the reverse", () => {
    fc.assert(
      fc.property(arbitraryFlow, arbitraryFlow, (one, other) => {
        expect(mergeBodies(one, one, other)).toEqual({ body: other, conflicts: [] });
        expect(mergeBodies(one, other, one)).toEqual({ body: other, conflicts: [] });
      }),
    );
  });

  it("has nothing left to ask when every field is decided for one side", () => {
    fc.assert(
      fc.property(arbitraryFlow, arbitraryFlow, arbitraryFlow, (base, mine, theirs) => {
        const merged = mergeBodies(base, mine, theirs);
        expect(resolve(merged, "mine")).toBeDefined();
        expect(resolve(merged, "theirs")).toBeDefined();
      }),
    );
  });
});
