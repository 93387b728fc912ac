import { infiniteQueryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { isApiError } from "./errors";
import type { Commit } from "./history";
import type { Item, Json, Page, Schemas } from "./types";

export type TranslationRow = Schemas["Translation"];
export type TextFieldName = TranslationRow["field"];
export type ImportedText = Schemas["ImportedText"];
export type TextPlace = Pick<TranslationRow, "kind" | "item" | "pointer">;
export type ExchangeFormat = "xliff" | "csv";

export interface TranslationsImported {
  language: string;
  digest: string;
  commit: Commit | null;
  changes: ImportedText[];
  same: number;
  gone: string[];
}

const all = (assistant: string) => `assistants/${assistant}/translations/`;

/** What is seen at once, and as many as a page of the server may have. */
const FIRST = 100;
const PAGE = 1000;

/** Every text with its words in one language: a short page at once, then all, from the first on (`translationRows`). */
export const translationsQuery = (assistant: string, language: string) =>
  infiniteQueryOptions({
    queryKey: ["content", assistant, "translations", language] as const,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<TranslationRow>>(all(assistant), { query: { language, ...pageParam }, signal }),
    initialPageParam: { page_size: FIRST, page: 1 },
    getNextPageParam: (last, pages) =>
      last.next === null ? null : { page_size: PAGE, page: pages.length },
    // Its own changes are put into it, and those of others come by the socket.
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The rows of these pages; those of the first are in the second once more. */
export function translationRows(pages: readonly Page<TranslationRow>[]): TranslationRow[] {
  return (pages.length > 1 ? pages.slice(1) : pages).flatMap((page) => page.results);
}

/** As the exported files call it. */
export const textId = ({ kind, item, pointer }: TextPlace) => `${kind}/${item}#${pointer}`;

const placeOf = ({ kind, item, pointer }: TextPlace): TextPlace => ({ kind, item, pointer });

export const translations = {
  /** A conflict is thrown with the words that stand there now instead of the whole item. */
  write: async (
    assistant: string,
    text: TextPlace,
    change: { language: string; text: string; revision: number },
  ) => {
    try {
      return await api.patch<TranslationRow>(all(assistant), { ...placeOf(text), ...change });
    } catch (error) {
      if (isApiError(error, "revision_conflict")) {
        const current = error.extras["current"] as unknown as Item<Json> | null;
        if (current) {
          const body = wordsIn(current.body, text.pointer, change.language);
          Object.assign(error.extras, { current: { ...current, body } });
        }
      }
      throw error;
    }
  },
  judge: (assistant: string, language: string, texts: readonly TextPlace[], outdated: boolean) =>
    api.post<{ texts: TranslationRow[] }>(`${all(assistant)}judge/`, {
      language,
      outdated,
      texts: texts.map(placeOf),
    }),
  export: (assistant: string, language: string, format: ExchangeFormat, show: "all" | "todo") =>
    api.download(`${all(assistant)}export/`, { language, format, show }),
  preview: (assistant: string, file: File) => {
    const form = new FormData();
    form.append("file", file);
    form.append("preview", "true");
    return api.post<TranslationsImported>(`${all(assistant)}import/`, form);
  },
  import: (assistant: string, file: File, expected: string, exceptions: readonly string[]) => {
    const form = new FormData();
    form.append("file", file);
    form.append("expected", expected);
    for (const id of exceptions) form.append("exceptions", id);
    return api.post<TranslationsImported>(`${all(assistant)}import/`, form);
  },
};

/** The translation of one text in the body of its item; empty where there is none. */
function wordsIn(body: Json, pointer: string, language: string): string {
  const path = pointer.split("/").slice(1);
  const key = path.pop() ?? "";
  let owner: unknown = body;
  for (const part of path) owner = (owner as Record<string, unknown> | undefined)?.[part];
  const entry = (owner as { translation?: Record<string, unknown> } | undefined)?.translation?.[
    language
  ];
  const words = key === "text" ? entry : (entry as Record<string, unknown> | undefined)?.[key];
  return typeof words === "string" ? words : "";
}
