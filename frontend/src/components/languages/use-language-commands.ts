import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { contentKey } from "@/api/content";
import { type Commit, commitQuery, restoreCommit } from "@/api/history";
import { languages } from "@/api/languages";
import type { Page } from "@/api/types";
import { toast } from "@/components/feedback/toast";
import { languageName } from "@/lib/language-name";

/** What is done to the languages of an assistant; each says what it did, and can be undone. */
export function useLanguageCommands(assistantId: string) {
  const { t, i18n } = useTranslation("settings");
  const client = useQueryClient();
  const named = (code: string) => languageName(code, i18n.language);
  const refresh = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: contentKey(assistantId) }),
      client.invalidateQueries({ queryKey: ["assistant", assistantId] }),
      client.invalidateQueries({ queryKey: ["assistants"] }),
    ]);
  const undoing = (about: string, act: () => Promise<unknown>) => ({
    about: `language ${assistantId} ${about}`,
    undo: () => void act().catch(toast.refused).then(refresh),
  });
  return {
    /** Throws what the server refuses. */
    add: async (code: string) => {
      await languages.add(assistantId, code);
      toast.done(
        t("languages.added", { name: named(code) }),
        undoing(code, () => languages.remove(assistantId, code)),
      );
      await refresh();
    },
    remove: async (code: string) => {
      await languages.remove(assistantId, code);
      toast.done(
        t("languages.removed", { name: named(code) }),
        undoing(code, () => languages.add(assistantId, code)),
      );
      await refresh();
    },
    makeDefault: async (code: string) => {
      await languages.makeDefault(assistantId, code);
      const made = (await newestCommit(assistantId))?.number ?? 0;
      toast.done(
        t("languages.changed", { name: named(code) }),
        undoing("default", async () => {
          const { diff } = await client.fetchQuery(commitQuery(assistantId, made));
          const items = diff.map(({ kind, key }) => ({ kind, key }));
          await restoreCommit(assistantId, made - 1, items);
        }),
      );
      await refresh();
    },
  };
}

async function newestCommit(assistantId: string): Promise<Commit | undefined> {
  const page = await api.get<Page<Commit>>(`assistants/${assistantId}/commits/`);
  return page.results[0];
}
