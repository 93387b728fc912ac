import { describe, expect, it } from "vitest";
import { formatMoment } from "./relative-time";

const now = new Date(2026, 10, 22, 12, 0, 0);

describe("formatMoment", () => {
  it.each([
    [new Date(2026, 10, 22, 11, 59, 48), "12 seconds ago"],
    [new Date(2026, 10, 22, 11, 56, 0), "4 minutes ago"],
    [new Date(2026, 10, 22, 8, 12, 0), "Today, 08:12"],
    [new Date(2026, 10, 21, 17, 40, 0), "Yesterday, 17:40"],
    [new Date(2026, 10, 18, 10, 2, 0), "Nov 18, 10:02"],
    [new Date(2025, 10, 18, 10, 2, 0), "Nov 18, 2025, 10:02"],
  ])("says %s as %s", (moment, said) => {
    expect(formatMoment(moment, now, "en")).toBe(said);
  });
});
