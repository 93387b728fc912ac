import { isObject, type Json, type JsonObject } from "@/flow-core/json";

/** The examples of an entry of nlu.yml, whether they are lines of a text or entries of a list. */
export function linesOf(body: JsonObject): string[] {
  const { examples } = body;
  if (typeof examples === "string")
    return examples
      .split("\n")
      .map((line) => line.trim().replace(/^-/, "").trim())
      .filter(Boolean);
  return (Array.isArray(examples) ? examples : []).map(textOf).filter(Boolean);
}

/** The entry with these examples, written as its others are. */
export function withLines(body: JsonObject, lines: readonly string[]): JsonObject {
  const kept = lines.map((line) => line.trim()).filter(Boolean);
  if (!Array.isArray(body["examples"]))
    return { ...body, examples: kept.map((line) => `- ${line}\n`).join("") };
  const known = new Map(body["examples"].map((each) => [textOf(each), each]));
  return { ...body, examples: kept.map((line) => known.get(line) ?? line) };
}

function textOf(entry: Json): string {
  const text = isObject(entry) ? entry["text"] : entry;
  return typeof text === "string" ? text.trim() : "";
}
