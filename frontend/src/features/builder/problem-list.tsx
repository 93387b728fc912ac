import { Button, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconListCheck, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import type { ShownProblem } from "@/components/content/use-unfinished";
import { IconButton } from "@/components/icon-button";
import { StateBadge } from "@/components/state-badge";
import type { CardKind } from "@/components/steps/step-kinds";
import { StepTile } from "@/components/steps/step-tile";
import { type FlowDocument, kindOf } from "@/flow-core/model";
import { useBuilder, useDocument } from "./builder-context";
import classes from "./problem-list.module.css";
import { useFix } from "./use-fix";
import { problemSelection, problemStep } from "./use-problems";

interface ProblemsButtonProps {
  problems: readonly ShownProblem[];
  open: boolean;
  onToggle: () => void;
}

/** Says how many problems there are: errors block training, warnings do not. */
export function ProblemsButton({ problems, open, onToggle }: ProblemsButtonProps) {
  const { t } = useTranslation("builder");
  const told = problems.filter((problem) => !problem.unfinished);
  const errors = told.filter((problem) => problem.severity === "error").length;
  const warnings = told.length - errors;
  return (
    <Button
      variant="default"
      className={classes["button"]}
      data-bad={errors > 0}
      aria-expanded={open}
      onClick={onToggle}
      leftSection={<IconListCheck size={18} stroke={1.75} />}
    >
      {errors > 0 ? t("problems.errors", { count: errors }) : null}
      {told.length === 0 ? t(problems.length > 0 ? "problems.unfinished" : "problems.none") : null}
      {warnings > 0 ? (
        <span className={classes["warnings"]}>
          <IconAlertTriangle size={16} stroke={1.75} aria-hidden="true" />
          {errors > 0 ? warnings : t("problems.warnings", { count: warnings })}
        </span>
      ) : null}
    </Button>
  );
}

interface ProblemListProps {
  problems: readonly ShownProblem[];
  chosen: Problem | null;
  onChoose: (problem: Problem) => void;
  onClose: () => void;
}

/** Errors first; a row leads to the step, its button mends it. */
export function ProblemList({ problems, chosen, onChoose, onClose }: ProblemListProps) {
  const { t } = useTranslation(["builder", "common"]);
  const document = useDocument();
  const errors = problems.filter((problem) => problem.severity === "error");
  const warnings = problems.filter((problem) => problem.severity === "warning");
  return (
    <section className={classes["list"]} aria-label={t("problems.title")}>
      <div className={classes["head"]}>
        <h2 className="small-heading">{t("problems.title")}</h2>
        {errors.length > 0 ? <StateBadge tone="err">{errors.length}</StateBadge> : null}
        {warnings.length > 0 ? <StateBadge tone="warn">{warnings.length}</StateBadge> : null}
        <IconButton size={28} label={t("common:close")} onClick={onClose}>
          <IconX size={18} stroke={1.75} />
        </IconButton>
      </div>
      {problems.length === 0 ? <p className={classes["none"]}>{t("problems.nothing")}</p> : null}
      <ul className={classes["rows"]}>
        {[...errors, ...warnings].map((problem) => (
          <ProblemRow
            key={`${problem.code} ${problem.pointer} ${problem.message}`}
            problem={problem}
            kind={problemKind(document, problem)}
            chosen={problem === chosen}
            onChoose={() => onChoose(problem)}
          />
        ))}
      </ul>
    </section>
  );
}

function problemKind(document: FlowDocument, problem: Problem): CardKind {
  const selection = problemSelection(document, problem);
  if (selection.kind === "start") return "start";
  if (selection.kind === "logic") return "logic";
  const entry = problemStep(document, problem);
  const kind = entry ? kindOf(entry.step) : "noop";
  return kind === "unknown" ? "noop" : kind;
}

interface ProblemRowProps {
  problem: ShownProblem;
  kind: CardKind;
  chosen: boolean;
  onChoose: () => void;
}

function ProblemRow({ problem, kind, chosen, onChoose }: ProblemRowProps) {
  const { texts, readOnly } = useBuilder();
  const document = useDocument();
  const fix = useFix(onChoose);
  const entry = problemStep(document, problem);
  const title = entry ? texts.step(entry.step).title : texts.flowTitle;
  return (
    <li className={classes["row"]} data-chosen={chosen}>
      <UnstyledButton className={classes["what"]} onClick={onChoose}>
        <StepTile kind={kind} size={24} />
        <span>
          <b>{title}</b>
          <span
            className={classes["message"]}
            data-severity={problem.unfinished ? "unfinished" : problem.severity}
          >
            {problem.message}
          </span>
        </span>
      </UnstyledButton>
      {problem.fix && fix.canApply(problem) && !readOnly ? (
        <Button size="xs" variant="light" onClick={() => fix.apply(problem)}>
          {problem.fix.label}
        </Button>
      ) : null}
    </li>
  );
}
