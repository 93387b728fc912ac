import type { JsonObject } from "./json";

/** The body of a new flow. It needs a step, so it has one that does nothing; the first real one takes its place. */
export function newFlow(name: string, description: string): JsonObject {
  return {
    name: name.trim(),
    description: description.trim(),
    steps: [{ noop: true, next: "END" }],
  };
}
