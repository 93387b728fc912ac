import { Button } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import {
  deleteBranch,
  type MergeConflict,
  type MergePreview,
  mergeBranch,
  type Resolution,
} from "@/api/branches";
import { isApiError } from "@/api/errors";
import { usePermission } from "@/api/me";
import { toast } from "@/components/feedback/toast";
import { ChangeList } from "./change-list";
import { ConflictRow } from "./conflict-row";
import { type Decisions, nameOf, resolutionOf } from "./decisions";
import { DiscardDialog } from "./discard-dialog";
import classes from "./merge.module.css";
import { MergeCanvas } from "./merge-canvas";
import { useDecisions } from "./use-decisions";
import { useMergeCommands } from "./use-merge-commands";

interface MergeFormProps {
  assistantId: string;
  preview: MergePreview;
}

export function MergeForm({ assistantId, preview }: MergeFormProps) {
  const { t } = useTranslation("merge");
  const { source, into, conflicts } = preview;
  const [discarding, setDiscarding] = useState(false);
  const mayEdit = usePermission("content.edit");
  const actions = useMergeActions(assistantId, preview);
  const { decisions, current, list, open, decide, go, show } = useDecisions(conflicts);
  const merge = () => actions.merge.mutate(resolutionsOf(conflicts, decisions));
  const mayMerge = mayEdit && open.length === 0 && !actions.merge.isPending;
  useMergeCommands({ current, decisions, list, decide, go, merge: () => mayMerge && merge() });
  return (
    <div className={classes["columns"]}>
      <div className={classes["column"]}>
        <header className={classes["head"]}>
          <h1>{conflicts.length > 0 ? t("heading") : t("headingFree")}</h1>
          <p>{t("sentence", { source: source.name, into: into.name })}</p>
        </header>
        <ChangeList changes={preview.changes} />
        {conflicts.length > 0 ? (
          <section aria-labelledby="conflicts">
            <div className={classes["caption"]}>
              <h2 id="conflicts" className="small-heading">
                {t("conflicts", { count: conflicts.length })}
              </h2>
              <span>
                {t("decided", { done: conflicts.length - open.length, count: conflicts.length })}
              </span>
            </div>
            <ol className={classes["conflicts"]} ref={list}>
              {conflicts.map((conflict, index) => (
                <ConflictRow
                  key={nameOf(conflict)}
                  number={index + 1}
                  conflict={conflict}
                  names={{ mine: into.name, theirs: source.name }}
                  decision={decisions[nameOf(conflict)]}
                  isCurrent={conflict === current}
                  onToggle={() => show(conflict === current ? null : conflict)}
                  onDecide={(decision) => decide(conflict, decision)}
                  onNext={() => go(1)}
                />
              ))}
            </ol>
          </section>
        ) : null}
        <footer className={classes["foot"]}>
          <p role="status">
            {open.length > 0 ? t("open", { count: open.length }) : t("allDecided")}
          </p>
          <Button variant="subtle" disabled={!mayEdit} onClick={() => setDiscarding(true)}>
            {t("discard", { source: source.name })}
          </Button>
          <Button
            leftSection={<IconGitMerge size={18} stroke={1.75} />}
            disabled={!mayEdit || open.length > 0}
            loading={actions.merge.isPending}
            onClick={merge}
          >
            {t("merge")}
          </Button>
        </footer>
      </div>
      {current ? (
        <MergeCanvas
          assistantId={assistantId}
          preview={preview}
          decisions={decisions}
          current={current}
        />
      ) : null}
      {discarding ? (
        <DiscardDialog
          source={source.name}
          busy={actions.discard.isPending}
          onDiscard={() => actions.discard.mutate()}
          onClose={() => setDiscarding(false)}
        />
      ) : null}
    </div>
  );
}

const resolutionsOf = (conflicts: readonly MergeConflict[], decisions: Decisions) =>
  conflicts.flatMap((conflict) => {
    const decision = decisions[nameOf(conflict)];
    return decision ? [resolutionOf(conflict, decision)] : [];
  });

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
    mutationFn: (resolutions: Resolution[]) =>
      mergeBranch(assistantId, source.name, into.name, resolutions),
    onSuccess: () => leave(t("merged", { into: into.name })),
    onError: async (error) => {
      toast.failed(isApiError(error, "merge_conflict") ? t("again") : error.message);
      await client.invalidateQueries({ queryKey: ["content", assistantId, "merge"] });
    },
  });
  const discard = useMutation({
    mutationFn: () => deleteBranch(assistantId, source.name),
    onSuccess: () => leave(t("discarded", { source: source.name })),
    onError: toast.refused,
  });
  return { merge, discard };
}
