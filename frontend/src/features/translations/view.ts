import { type TextFieldName, type TranslationRow, textId } from "@/api/translations";
import type { TranslationsSearch } from "./address";

/** One line of the page: the name of an item, or a text of it. */
export type Line =
  | { kind: "head"; id: string; row: TranslationRow }
  | { kind: "text"; id: string; row: TranslationRow };

export interface View {
  lines: readonly Line[];
  /** Ids of what is, or was when it came into view, to do. */
  toDo: readonly string[];
}

type Wanted = Pick<TranslationsSearch, "show" | "field" | "flow" | "search">;

/** An address of a link counts as the link. */
export const isOfField = (field: TextFieldName, wanted: string | undefined): boolean =>
  wanted === undefined || field === wanted || (wanted === "link" && field === "url");

/**
 * What is shown. `kept` holds ids of texts that were to do when they came into view: what is done stays where it
 * was until one goes elsewhere, so nothing moves under the hands. They are added here.
 */
export function viewOf(rows: readonly TranslationRow[], wanted: Wanted, kept: Set<string>): View {
  const words = (wanted.search ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const matches = rows.filter(
    (row) =>
      isOfField(row.field, wanted.field) &&
      isSaidBy(row, wanted.flow) &&
      words.every((word) =>
        `${row.item} ${row.reference} ${row.text}`.toLowerCase().includes(word),
      ),
  );
  const due = matches.filter((row) => {
    const id = textId(row);
    if (isDue(row, wanted.show)) kept.add(id);
    return kept.has(id);
  });
  const toDo = due.map(textId);
  if (wanted.show === "all") return { lines: linesOf(matches), toDo };
  if (wanted.show !== undefined) return { lines: linesOf(due), toDo };
  const items = new Set(due.map(itemOf));
  return { lines: linesOf(rows.filter((row) => items.has(itemOf(row)))), toDo };
}

function isDue(row: TranslationRow, show: Wanted["show"]): boolean {
  if (show === "missing" || show === "outdated") return row.state === show;
  return row.state !== "done";
}

function isSaidBy(row: TranslationRow, flow: string | undefined): boolean {
  if (flow === undefined) return true;
  if (row.kind === "flow") return row.item === flow;
  return row.flows.some(({ id }) => id === flow);
}

const itemOf = (row: TranslationRow) => `${row.kind}/${row.item}`;

function linesOf(rows: readonly TranslationRow[]): Line[] {
  const lines: Line[] = [];
  let last = "";
  for (const row of rows) {
    const item = itemOf(row);
    if (item !== last) lines.push({ kind: "head", id: item, row });
    last = item;
    lines.push({ kind: "text", id: textId(row), row });
  }
  return lines;
}

/** The next one to do from a text on; from none, or from the last, it begins anew. */
export function nextToDo(view: View, from: string | undefined, by: 1 | -1): string | undefined {
  const texts = view.lines.filter(({ kind }) => kind === "text").map(({ id }) => id);
  const due = new Set(view.toDo);
  const open = texts.filter((id) => due.has(id) || id === from);
  if (open.length === 0) return undefined;
  const at = from === undefined ? -1 : open.indexOf(from);
  if (at < 0) return by === 1 ? open[0] : open.at(-1);
  const next = open[(at + by + open.length) % open.length];
  return next === from ? undefined : next;
}
