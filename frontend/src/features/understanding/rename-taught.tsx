import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { contentKey } from "@/api/content";
import { entitiesQuery, intentsQuery, understanding } from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { RenameDialog } from "@/components/content/rename-dialog";
import { toast } from "@/components/feedback/toast";

export interface RenameTaughtProps {
  kind: "intents" | "entities";
  name: string;
  onDone: (name: string) => void;
  onClose: () => void;
}

/** Another name of an intent or an entity; all that names it follows. */
export function RenameTaught({ kind, name: old, onDone, onClose }: RenameTaughtProps) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const client = useQueryClient();
  const intents = useQuery(intentsQuery(assistantId)).data ?? [];
  const entities = useQuery(entitiesQuery(assistantId)).data ?? [];
  const rows = kind === "intents" ? intents : entities;
  const revisionOf = async (id: string) => {
    const known =
      kind === "intents"
        ? await client.fetchQuery({ ...intentsQuery(assistantId), staleTime: 0 })
        : await client.fetchQuery({ ...entitiesQuery(assistantId), staleTime: 0 });
    return known.find((each) => each.id === id)?.revision ?? 0;
  };
  const rename = async (from: string, to: string) => {
    const revision = await revisionOf(from);
    const { left } = await understanding.rename(assistantId, kind, from, { id: to, revision });
    onDone(to);
    return left;
  };
  const refresh = () => client.invalidateQueries({ queryKey: contentKey(assistantId) });
  return (
    <RenameDialog
      id={old}
      hint={t(`rename.follows.${kind}`)}
      problemOf={(name) => {
        const twin = rows.find(({ id }) => id !== old && id.toLowerCase() === name.toLowerCase());
        return twin ? t("taken", { name: twin.id }) : null;
      }}
      onRename={async (name) => {
        const left = await rename(old, name);
        const undo = () => rename(name, old).then(refresh).catch(toast.refused);
        toast.done(
          left.length > 0
            ? t("rename.doneBut", { name, left: left.join(", ") })
            : t("rename.done", { name }),
          { undo: () => void undo() },
        );
        await refresh();
      }}
      onClose={onClose}
    />
  );
}
