import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { Autosaver, SaveState, Whose } from "@/api/autosave";
import { type TranslationRow, textId, translations } from "@/api/translations";
import type { Item } from "@/api/types";
import { openPart, useAuthor } from "@/components/content/saving";
import { usePutTexts } from "./use-texts";

export interface TextEditing {
  /** The words as they stand in the field. */
  text: string;
  change: (text: string) => void;
  /** Sends at once what waits. */
  flush: () => Promise<void>;
  /** Null: nothing was changed here. */
  save: SaveState | null;
  decide: (whose: Whose) => void;
}

const itemOf = (row: TranslationRow, id: string): Item<string> => ({
  id,
  kind: row.kind,
  revision: row.revision,
  body: row.text,
  source_path: null,
  updated_at: row.updated_at,
  updated_by: row.updated_by,
  problems: [],
});

/** One text, saved by itself; what could not be sent is found again after a reload. */
export function useTextEditing(
  assistantId: string,
  language: string,
  row: TranslationRow,
): TextEditing {
  const author = useAuthor();
  const put = usePutTexts(assistantId, language);
  const id = textId(row);
  const place = useRef(row);
  place.current = row;
  const [text, setText] = useState<string | null>(null);
  const [saver, setSaver] = useState<Autosaver<string> | null>(null);
  const open = useCallback(() => {
    const opened = openPart<string>({
      assistantId,
      kind: "translations",
      stored: itemOf(place.current, `${language} ${id}`),
      author,
      onReplace: setText,
      save: async (revision, words) => {
        const change = { language, text: words, revision };
        const saved = await translations.write(assistantId, place.current, change);
        put([saved]);
        return itemOf(saved, `${language} ${id}`);
      },
    });
    setSaver(opened.saver);
    return opened;
  }, [assistantId, language, id, author, put]);
  useEffect(() => {
    // Edits of before a reload, that the server does not have.
    const key = ["unsaved", author, assistantId, "translations", `${language} ${id}`].join(" ");
    if (author === null || window.sessionStorage.getItem(key) === null) return;
    const opened = open();
    setText(opened.body);
    opened.saver.change(opened.body);
  }, [open, author, assistantId, language, id]);
  useEffect(() => {
    saver?.reload(itemOf(row, `${language} ${id}`));
  }, [saver, row, language, id]);
  useEffect(() => () => void saver?.flush(), [saver]);
  const save = useSyncExternalStore(saver?.subscribe ?? noSubscription, saver?.state ?? noState);
  return useMemo(
    () => ({
      text: text ?? row.text,
      change: (words) => {
        setText(words);
        (saver ?? open().saver).change(words);
      },
      flush: async () => {
        await saver?.flush();
      },
      save,
      decide: (side) => saver?.decide(side),
    }),
    [text, row.text, saver, open, save],
  );
}

const noSubscription = () => () => undefined;
const noState = () => null;
