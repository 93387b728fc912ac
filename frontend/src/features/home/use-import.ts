import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { isApiError, type ProblemItem } from "@/api/errors";
import { type Imported, type ImportSource, imports, sourceName } from "@/api/imports";
import { toast } from "@/components/feedback/toast";
import { announce } from "@/lib/announce";

export type ImportOutcome =
  | { kind: "done"; imported: Imported }
  | { kind: "failed"; file: string; message: string; problems: readonly ProblemItem[] };

/** Brings in a project: a toast while it works, then what came of it. The page may be used meanwhile. */
export function useImport() {
  const { t } = useTranslation("home");
  const client = useQueryClient();
  const [outcome, setOutcome] = useState<ImportOutcome | null>(null);
  const start = useCallback(
    (source: ImportSource, name?: string) => {
      const file = sourceName(source);
      const busy = toast.busy(t("importing", { file }));
      imports
        .create(source, name)
        .then(async (imported) => {
          await client.invalidateQueries({ queryKey: ["assistants"] });
          setOutcome({ kind: "done", imported });
          announce(t("imported", { name: imported.assistant.name }));
        })
        .catch((error: unknown) => {
          const problems = isApiError(error) ? error.errors : [];
          const message = error instanceof Error ? error.message : String(error);
          setOutcome({ kind: "failed", file, message, problems });
        })
        .finally(() => toast.hide(busy));
    },
    [client, t],
  );
  const close = useCallback(() => setOutcome(null), []);
  return { start, outcome, close };
}
