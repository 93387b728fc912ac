import { Button, Modal } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ProblemItem } from "@/api/errors";
import type { Imported, ImportReport } from "@/api/imports";
import { ButtonLink } from "@/components/links";
import { PlaceList, placedProblem } from "@/components/place-list";
import classes from "./import-dialog.module.css";
import type { ImportOutcome } from "./use-import";

interface ImportDialogProps {
  outcome: ImportOutcome | null;
  onClose: () => void;
}

/** What an import brought, or where it stumbled: file, line and item of each problem. */
export function ImportDialog({ outcome, onClose }: ImportDialogProps) {
  const { t } = useTranslation(["home", "common"]);
  if (!outcome) return null;
  const title =
    outcome.kind === "done"
      ? t("imported", { name: outcome.imported.assistant.name })
      : t("notImported", { file: outcome.file });
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={620}
      closeButtonProps={{ "aria-label": t("common:close") }}
    >
      {outcome.kind === "done" ? (
        <Report report={outcome.imported.report} />
      ) : (
        <Problems message={outcome.message} problems={outcome.problems} />
      )}
      <div className={classes["foot"]}>
        <Button variant="default" onClick={onClose}>
          {t("common:close")}
        </Button>
        {outcome.kind === "done" ? <NextStep imported={outcome.imported} /> : null}
      </div>
    </Modal>
  );
}

/** An assistant of stories and rules has no flows to look at; it can be trained. */
function NextStep({ imported: { assistant, report } }: { imported: Imported }) {
  const { t } = useTranslation("home");
  const params = { assistantId: assistant.id };
  if (report.flows === 0 && report.stories + report.rules > 0) {
    return (
      <ButtonLink to="/assistants/$assistantId/versions" params={params} search={{ train: 1 }}>
        {t("toTraining")}
      </ButtonLink>
    );
  }
  return (
    <ButtonLink to="/assistants/$assistantId/flows" params={params}>
      {t("openFlows")}
    </ButtonLink>
  );
}

const COUNTED = [
  "flows",
  "system_flows",
  "responses",
  "slots",
  "actions",
  "intents",
  "entities",
  "prompts",
  "stories",
  "rules",
] as const;

function Report({ report }: { report: ImportReport }) {
  const { t } = useTranslation("home");
  const counts = COUNTED.map((kind) => [kind, report[kind]] as const).filter(
    (pair): pair is readonly [(typeof COUNTED)[number], number] =>
      typeof pair[1] === "number" && pair[1] > 0,
  );
  return (
    <div className={classes["body"]}>
      <p className={classes["good"]}>
        <IconCircleCheck size={18} stroke={1.75} aria-hidden="true" />
        {counts.map(([kind, count]) => t(`report.${kind}`, { count })).join(", ")}
      </p>
      <PlaceList
        title={t("report.warnings", { count: report.warnings.length })}
        places={report.warnings.map(placedProblem)}
      />
      <PlaceList
        title={t("report.unused")}
        places={report.unused.map((each) => ({ place: each.path, text: each.reason }))}
      />
      <PlaceList
        title={t("report.kept")}
        places={report.kept.map((each) => ({ place: each.path, text: each.what }))}
      />
    </div>
  );
}

function Problems({ message, problems }: { message: string; problems: readonly ProblemItem[] }) {
  const { t } = useTranslation("home");
  return (
    <div className={classes["body"]}>
      <p className={classes["bad"]} role="alert">
        <IconAlertTriangle size={18} stroke={1.75} aria-hidden="true" />
        {message}
      </p>
      <PlaceList
        title={t("report.problems", { count: problems.length })}
        places={problems.map(placedProblem)}
      />
      <p className={classes["quiet"]}>{t("nothingSaved")}</p>
    </div>
  );
}
