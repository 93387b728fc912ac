import { Menu } from "@mantine/core";
import { IconLink, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SaveState } from "@/api/autosave";
import { content, contentKey, contentQuery } from "@/api/content";
import { useContent } from "@/components/content/content-context";
import { ItemHead } from "@/components/content/item-head";
import { RenameDialog } from "@/components/content/rename-dialog";
import { SavedState } from "@/components/content/saved-state";
import { toast } from "@/components/feedback/toast";

interface SlotHeadProps {
  id: string;
  save: SaveState;
  /** Saves at once what waits. */
  onFlush: () => Promise<void>;
  onChoose: (slot: string | undefined) => void;
}

export function SlotHead({ id, save, onFlush, onChoose }: SlotHeadProps) {
  const { t } = useTranslation(["slots", "common"]);
  const { assistantId, readOnly, sources } = useContent();
  const client = useQueryClient();
  const [renaming, setRenaming] = useState(false);
  const used = sources.slots.get(id)?.used_in.length ?? 0;
  const refresh = () => client.invalidateQueries({ queryKey: contentKey(assistantId) });
  const remove = async () => {
    try {
      const { revision } = await client.fetchQuery(contentQuery(assistantId, "slots", id));
      await content.delete(assistantId, "slots", id, revision);
      onChoose(undefined);
      toast.done(t("deleted", { name: id }), {
        undo: async () => {
          await content.restore(assistantId, "slots", id);
          await refresh();
          onChoose(id);
        },
      });
      await refresh();
    } catch (error) {
      toast.refused(error);
    }
  };
  const rename = async (name: string) => {
    await onFlush();
    const { left } = await content.renameSlot(assistantId, id, name);
    onChoose(name);
    const undo = async () => {
      await content.renameSlot(assistantId, name, id);
      onChoose(id);
      await refresh();
    };
    toast.done(
      left.length > 0
        ? t("common:slotRenamedBut", { name, left: left.join(", ") })
        : t("common:slotRenamed", { name }),
      { undo: () => void undo().catch(toast.refused) },
    );
    await refresh();
  };
  const copyLink = () =>
    void navigator.clipboard
      .writeText(new URL(`?name=${encodeURIComponent(id)}`, window.location.href).href)
      .then(() => toast.done(t("linkCopied")));
  return (
    <ItemHead
      page={t("title")}
      title={id}
      onBack={() => onChoose(undefined)}
      onRename={readOnly ? undefined : () => setRenaming(true)}
      tools={<SavedState save={save} />}
      menu={{
        label: t("more"),
        entries: (
          <>
            <Menu.Item leftSection={<IconLink size={16} stroke={1.75} />} onClick={copyLink}>
              {t("copyLink")}
            </Menu.Item>
            <Menu.Item
              color="red"
              leftSection={<IconTrash size={16} stroke={1.75} />}
              disabled={readOnly || used > 0}
              onClick={() => void remove()}
            >
              {used > 0 ? t("deleteUsed", { count: used }) : t("delete")}
            </Menu.Item>
          </>
        ),
      }}
    >
      {renaming ? (
        <RenameDialog
          id={id}
          hint={t("rename.follows", { count: used })}
          problemOf={(name) => {
            const twin = [...sources.slots.keys()].find(
              (other) => other !== id && other.toLowerCase() === name.toLowerCase(),
            );
            return twin === undefined ? null : t("taken", { name: twin });
          }}
          onRename={rename}
          onClose={() => setRenaming(false)}
        />
      ) : null}
    </ItemHead>
  );
}
