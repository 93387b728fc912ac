import fc from "fast-check";
import { expect, test } from "vitest";
import { flowIdFrom } from "./flow-id";

test.each([
  ["Transfer money", "transfer_money"],
  ["  Überweisung prüfen! ", "ueberweisung_pruefen"],
  ["Café à la carte", "cafe_a_la_carte"],
  ["3 cards", "flow_3_cards"],
  ["???", ""],
])("%s becomes %s", (name, id) => {
  expect(flowIdFrom(name)).toBe(id);
});

test("whatever the name, the id is one that Rasa takes, or nothing", () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      expect(flowIdFrom(name)).toMatch(/^([a-z][a-z0-9_]*)?$/);
    }),
  );
});
