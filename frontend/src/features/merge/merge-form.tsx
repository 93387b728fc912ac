import { Button } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  deleteBranch,
  type MergeConflict,
  type MergePreview,
  mergeBranch,
  type Side,
} from "@/api/branches";
import { isApiError } from "@/api/errors";
import { usePermission } from "@/api/me";
import { toast } from "@/components/feedback/toast";
import { useCommands } from "@/lib/commands/use-commands";
import { ChangeList } from "./change-list";
import { ConflictRow } from "./conflict-row";
import { DiscardDialog } from "./discard-dialog";
import classes from "./merge.module.css";

interface MergeFormProps {
  assistantId: string;
  preview: MergePreview;
}

const nameOf = ({ kind, key, pointer }: MergeConflict) => JSON.stringify([kind, key, pointer]);

export function MergeForm({ assistantId, preview }: MergeFormProps) {
  const { t } = useTranslation("merge");
  const { source, into, conflicts } = preview;
  const [sides, setSides] = useState<Record<string, Side>>({});
  const [discarding, setDiscarding] = useState(false);
  const list = useRef<HTMLOListElement>(null);
  const mayEdit = usePermission("content.edit");
  const actions = useMergeActions(assistantId, preview);
  const open = conflicts.filter((conflict) => !sides[nameOf(conflict)]);
  const decisions = conflicts.flatMap((conflict) => {
    const side = sides[nameOf(conflict)];
    return side ? [{ conflict, side }] : [];
  });
  const go = (step: 1 | -1) => goToOpen(list.current, step);
  useCommands([
    { id: "merge:next", label: t("next"), group: t("title"), keys: ["n"], run: () => go(1) },
    {
      id: "merge:previous",
      label: t("previous"),
      group: t("title"),
      keys: ["p"],
      run: () => go(-1),
    },
  ]);
  return (
    <>
      <header className={classes["head"]}>
        <h1>{conflicts.length > 0 ? t("heading") : t("headingFree")}</h1>
        <p>{t("sentence", { source: source.name, into: into.name })}</p>
      </header>
      {conflicts.length > 0 ? (
        <section aria-labelledby="conflicts">
          <div className={classes["caption"]}>
            <h2 id="conflicts" className="small-heading">
              {t("conflicts", { count: conflicts.length })}
            </h2>
            <span>{t("decided", { done: decisions.length, count: conflicts.length })}</span>
          </div>
          <ol className={classes["conflicts"]} ref={list}>
            {conflicts.map((conflict) => (
              <ConflictRow
                key={nameOf(conflict)}
                conflict={conflict}
                names={{ mine: into.name, theirs: source.name }}
                side={sides[nameOf(conflict)]}
                onDecide={(side) => setSides((all) => ({ ...all, [nameOf(conflict)]: side }))}
              />
            ))}
          </ol>
        </section>
      ) : null}
      <ChangeList changes={preview.changes} />
      <footer className={classes["foot"]}>
        <p role="status">{open.length > 0 ? t("open", { count: open.length }) : t("allDecided")}</p>
        <Button variant="subtle" disabled={!mayEdit} onClick={() => setDiscarding(true)}>
          {t("discard", { source: source.name })}
        </Button>
        <Button
          leftSection={<IconGitMerge size={18} stroke={1.75} />}
          disabled={!mayEdit || open.length > 0}
          loading={actions.merge.isPending}
          onClick={() => actions.merge.mutate(decisions)}
        >
          {t("merge")}
        </Button>
      </footer>
      {discarding ? (
        <DiscardDialog
          source={source.name}
          busy={actions.discard.isPending}
          onDiscard={() => actions.discard.mutate()}
          onClose={() => setDiscarding(false)}
        />
      ) : null}
    </>
  );
}

/** Puts the focus on the first choice of the next field that nobody has decided. */
function goToOpen(list: HTMLOListElement | null, step: 1 | -1): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>("li[data-open]") ?? [])];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const row =
    rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : (here + step + rows.length) % rows.length];
  row?.querySelector<HTMLElement>("[role=radio]")?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

function useMergeActions(assistantId: string, { source, into }: MergePreview) {
  const { t } = useTranslation("merge");
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async (message: string) => {
    await client.invalidateQueries({ queryKey: ["content", assistantId] });
    toast.done(message);
    await navigate({ to: "/assistants/$assistantId/flows", params: { assistantId } });
  };
  const merge = useMutation({
    mutationFn: (decisions: { conflict: MergeConflict; side: Side }[]) =>
      mergeBranch(assistantId, source.name, into.name, decisions),
    onSuccess: () => leave(t("merged", { into: into.name })),
    onError: async (error) => {
      toast.failed(isApiError(error, "merge_conflict") ? t("again") : error.message);
      await client.invalidateQueries({ queryKey: ["content", assistantId, "merge"] });
    },
  });
  const discard = useMutation({
    mutationFn: () => deleteBranch(assistantId, source.name),
    onSuccess: () => leave(t("discarded", { source: source.name })),
    onError: (error) => toast.failed(error.message),
  });
  return { merge, discard };
}
