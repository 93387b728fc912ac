import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { Commit } from "@/api/history";
import { capitalised } from "@/lib/capitalised";
import { useItemName } from "./use-item-name";
import { useKindName } from "./use-kind";

/** A commit in a few words: its message, else the first thing that it changed. */
export function useHeadline(assistantId: string): (commit: Commit) => string {
  const { t } = useTranslation("content");
  const nameOf = useItemName(assistantId);
  const kindOf = useKindName();
  return useCallback(
    (commit) => {
      const [first] = commit.items;
      if (commit.message) return commit.message;
      if (!first) return t("history.nothing");
      const names = { kind: kindOf(first.kind), name: nameOf(first.kind, first.key) };
      const what = capitalised(t(first.removed ? "history.gone" : "history.changed", names));
      if (commit.item_count === 1) return what;
      return t("history.more", { what, count: commit.item_count - 1 });
    },
    [t, nameOf, kindOf],
  );
}
