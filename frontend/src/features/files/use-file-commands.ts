import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { contentKey } from "@/api/content";
import { fileQuery, files } from "@/api/files";
import { restoreCommit } from "@/api/history";
import { toast } from "@/components/feedback/toast";
import { saveFile } from "@/lib/save-file";

/** What is done to whole files; each says what it did, and what went wrong. */
export function useFileCommands(assistantId: string, open: (path: string | undefined) => void) {
  const { t } = useTranslation("files");
  const client = useQueryClient();
  const refresh = useCallback(
    () => client.invalidateQueries({ queryKey: contentKey(assistantId) }),
    [client, assistantId],
  );
  const upload = async (folder: string, chosen: Iterable<File>) => {
    let last: string | undefined;
    for (const file of chosen) {
      try {
        last = (await files.add(assistantId, `${folder}${file.name}`, file)).id;
      } catch (error) {
        toast.refused(error);
      }
    }
    await refresh();
    if (last !== undefined) {
      toast.done(t("uploaded", { name: last }));
      open(last);
    }
  };
  const remove = async (path: string) => {
    try {
      const { revision } = await client.fetchQuery(fileQuery(assistantId, path));
      await files.delete(assistantId, path, revision);
      open(undefined);
      toast.done(t("deleted", { name: path }), {
        undo: async () => {
          await restoreCommit(assistantId, revision, [{ kind: "file", key: path }]);
          await refresh();
          open(path);
        },
      });
      await refresh();
    } catch (error) {
      toast.refused(error);
    }
  };
  const download = async (path: string, text: string | null) => {
    try {
      if (text === null) saveFile(await files.download(assistantId, path));
      else saveFile({ blob: new Blob([text]), name: path.slice(path.lastIndexOf("/") + 1) });
    } catch (error) {
      toast.refused(error);
    }
  };
  return { upload, remove, download, refresh };
}
