import { parseDocument, stringify } from "yaml";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";

export const DATA_FORMS = ["yaml", "json"] as const;
export type DataForm = (typeof DATA_FORMS)[number];

/** Data that were typed: the map, nothing, or what is wrong and at which line. */
export type ReadData =
  | { readonly value: JsonObject | undefined }
  | { readonly problem: "noMap" | "unread"; readonly line: number; readonly detail: string };

/** The data as text to edit; nothing is no text. */
export function dataText(value: Json | undefined, form: DataForm): string {
  if (value === undefined) return "";
  return form === "json"
    ? `${JSON.stringify(value, null, 2)}\n`
    : stringify(value, { lineWidth: 0 });
}

/** Reads what was typed; keys keep their order. YAML is read as 1.2, as the server reads it. */
export function readData(text: string, form: DataForm): ReadData {
  if (text.trim() === "") return { value: undefined };
  return form === "json" ? readJson(text) : readYaml(text);
}

function readJson(text: string): ReadData {
  try {
    return asMap(JSON.parse(text) as Json);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const place = /line (\d+)/.exec(detail)?.[1];
    const offset = /position (\d+)/.exec(detail)?.[1];
    const before = offset === undefined ? "" : text.slice(0, Number(offset));
    return { problem: "unread", line: Number(place ?? before.split("\n").length), detail };
  }
}

function readYaml(text: string): ReadData {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error)
    return {
      problem: "unread",
      line: error.linePos?.[0].line ?? 1,
      detail: (error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, ""),
    };
  try {
    const value: unknown = document.toJS();
    // Infinity and the like have no place in JSON.
    const plain = JSON.stringify(value, (_key, part) => {
      if (typeof part === "number" && !Number.isFinite(part)) throw new Error(String(part));
      return part as unknown;
    });
    return asMap(JSON.parse(plain) as Json);
  } catch (error) {
    return { problem: "unread", line: 1, detail: error instanceof Error ? error.message : "" };
  }
}

function asMap(value: Json): ReadData {
  return isObject(value) ? { value } : { problem: "noMap", line: 1, detail: "" };
}
