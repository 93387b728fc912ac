import { expect, it } from "vitest";
import { keysOf } from "./completions";

it("a file is offered the words of its format", () => {
  const some = {
    "config.yml": "pipeline",
    "endpoints.yml": "action_endpoint",
    "data/flows/pay.yml": "set_slots",
    "domain.yml": "mappings",
    "domain/slots.yml": "mappings",
    "e2e_tests/pay.yml": "slot_was_set",
    "actions/pay.py": "get_slot",
  };
  for (const [path, word] of Object.entries(some)) expect(keysOf(path), path).toContain(word);
  expect(keysOf("config.yml")).not.toContain("set_slots");
  expect(keysOf("docs/notes.md")).toEqual([]);
  expect(keysOf("docs/config.yml")).toEqual([]);
});
