import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Version } from "@/api/types";
import { versions } from "@/api/versions";
import { toast } from "@/components/feedback/toast";
import { saveFile, saveLinked } from "@/lib/save-file";

/** What can be done to one version; a refusal is said in a toast. */
export function useVersionCommands(assistantId: string, version: Version) {
  const { t } = useTranslation("versions");
  const client = useQueryClient();
  const attempt = (work: () => Promise<unknown>) => {
    void work()
      .catch(toast.refused)
      .then(() => client.invalidateQueries({ queryKey: ["versions", assistantId] }));
  };
  return {
    stop: () => attempt(() => versions.stop(assistantId, version.id)),
    wake: () =>
      attempt(async () => {
        await versions.wake(assistantId, version.id);
        toast.done(t(version.error ? "startingAgain" : "waking", { number: version.number }));
      }),
    trainAgain: () =>
      attempt(async () => {
        const { number } = await versions.trainAgain(assistantId, version.id);
        toast.done(t("started", { number }));
      }),
    rename: (name: string) => attempt(() => versions.rename(assistantId, version.id, { name })),
    remove: () =>
      attempt(async () => {
        await versions.delete(assistantId, version.id);
        toast.done(t("removed", { number: version.number }));
      }),
    downloadModel: () =>
      attempt(() =>
        saveLinked(versions.modelLink(assistantId, version.id), () =>
          versions.download(assistantId, version.id, "model"),
        ),
      ),
    downloadInput: () =>
      attempt(async () => saveFile(await versions.download(assistantId, version.id, "input"))),
  };
}
