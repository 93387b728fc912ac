import { TextInput } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { content, contentKey, contentQuery } from "@/api/content";
import { RenameDialog } from "@/components/content/rename-dialog";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { useBuilder } from "../builder-context";

/** The name of the flow in files and links; a new one is followed by all that names it. */
export function FlowId() {
  const { t } = useTranslation(["builder", "content"]);
  const { flowId, readOnly, sources } = useBuilder();
  const [renaming, setRenaming] = useState(false);
  const rename = useRename();
  // A pattern has the name that the runtime calls it by.
  const fixed = readOnly || !sources.flows.some(({ id }) => id === flowId);
  return (
    <>
      <TextInput
        label={t("start.id")}
        value={flowId}
        readOnly
        description={t("start.idHint")}
        rightSection={
          fixed ? null : (
            <IconButton
              size={28}
              label={t("content:rename.title")}
              onClick={() => setRenaming(true)}
            >
              <IconPencil size={16} stroke={1.75} />
            </IconButton>
          )
        }
      />
      {renaming ? (
        <RenameDialog
          id={flowId}
          hint={t("start.renameHint")}
          problemOf={(name) =>
            name !== flowId && sources.flows.some(({ id }) => id === name) ? t("start.taken") : null
          }
          onRename={rename}
          onClose={() => setRenaming(false)}
        />
      ) : null}
    </>
  );
}

/** Renames the open flow, after what was typed in it is saved, and goes to its new address. */
function useRename(): (name: string) => Promise<void> {
  const { t } = useTranslation("builder");
  const { assistantId, flowId, saver } = useBuilder();
  const client = useQueryClient();
  const navigate = useNavigate();
  const call = async (from: string, to: string) => {
    const { revision } = await client.fetchQuery({
      ...contentQuery(assistantId, "flows", from),
      staleTime: 0,
    });
    const renamed = await content.renameFlow(assistantId, from, to, revision);
    client.setQueryData(contentQuery(assistantId, "flows", to).queryKey, renamed);
    await navigate({
      to: "/assistants/$assistantId/flows/$flowId",
      params: { assistantId, flowId: to },
      search: (previous) => previous,
    });
    client.removeQueries({ queryKey: contentKey(assistantId, "flows", from) });
  };
  return async (name) => {
    await saver.flush();
    await call(flowId, name);
    const undo = async () => {
      await call(name, flowId);
      await client.invalidateQueries({ queryKey: contentKey(assistantId) });
    };
    toast.done(t("start.renamed", { name }), { undo: () => void undo().catch(toast.refused) });
    await client.invalidateQueries({ queryKey: contentKey(assistantId) });
  };
}
