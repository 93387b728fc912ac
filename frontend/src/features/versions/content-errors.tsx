import { Button } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { allContentQuery, validationQuery } from "@/api/content";
import { usePermission } from "@/api/me";
import type { Problem, Usage } from "@/api/types";
import { AnchorLink } from "@/components/links";
import { RENAME_SLOT, useSlotRename } from "@/components/use-slot-rename";
import classes from "./train-panel.module.css";

/** The errors of responses and slots: unlike those of a flow, they cannot be left out of a training. */
export function useContentErrors(assistantId: string): readonly Problem[] {
  const problems = useQuery(validationQuery(assistantId)).data?.problems ?? [];
  return problems.filter(
    ({ severity, kind }) => severity === "error" && (kind === "response" || kind === "slot"),
  );
}

/** What stops every training, each error with the way to a step that uses its message or slot. */
export function ContentErrors({ assistantId }: { assistantId: string }) {
  const { t } = useTranslation("versions");
  const errors = useContentErrors(assistantId);
  const enabled = errors.length > 0;
  const responses = useQuery({ ...allContentQuery(assistantId, "responses"), enabled }).data ?? [];
  const slots = useQuery({ ...allContentQuery(assistantId, "slots"), enabled }).data ?? [];
  if (errors.length === 0) return null;
  const placeOf = ({ kind, id }: Problem): Usage | undefined =>
    (kind === "response" ? responses : slots).find((item) => item.id === id)?.used_in[0];
  return (
    <div className={classes["notYet"]}>
      <IconAlertCircle size={18} stroke={1.75} aria-hidden="true" />
      <span>
        <b>{t("contentStops", { count: errors.length })}</b>
        <ul>
          {errors.map((problem) => (
            <li key={`${problem.kind} ${problem.id} ${problem.pointer} ${problem.code}`}>
              <ErrorLine assistantId={assistantId} problem={problem} place={placeOf(problem)} />
            </li>
          ))}
        </ul>
      </span>
    </div>
  );
}

interface ErrorLineProps {
  assistantId: string;
  problem: Problem;
  /** A step that uses it; unused ones have none. */
  place: Usage | undefined;
}

function ErrorLine({ assistantId, problem, place }: ErrorLineProps) {
  const { t } = useTranslation("versions");
  const renameSlot = useSlotRename(assistantId);
  const mayEdit = usePermission("content.edit");
  const { id, message, fix } = problem;
  const words = t(problem.kind === "slot" ? "inSlot" : "inResponse", { id, message });
  return (
    <>
      {place ? (
        <AnchorLink
          to="/assistants/$assistantId/flows/$flowId"
          params={{ assistantId, flowId: place.flow }}
          search={place.step ? { step: place.step } : {}}
        >
          {words}
        </AnchorLink>
      ) : (
        words
      )}
      {fix?.action === RENAME_SLOT && mayEdit ? (
        <Button size="compact-xs" variant="light" ml={8} onClick={() => renameSlot(problem)}>
          {fix.label}
        </Button>
      ) : null}
    </>
  );
}
