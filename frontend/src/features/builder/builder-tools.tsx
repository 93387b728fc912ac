import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import { IconButton } from "@/components/icon-button";
import { TopBarDivider } from "@/components/layout/page-frame";
import { announce } from "@/lib/announce";
import { useCommands } from "@/lib/commands/use-commands";
import { redo, undo, useUndo } from "@/lib/undo";
import { useBuilder } from "./builder-context";
import { ProblemsButton } from "./problem-list";

interface BuilderToolsProps {
  problems: readonly Problem[];
  problemsOpen: boolean;
  onProblems: () => void;
  onNextProblem: (problem: Problem) => void;
}

const FLASH_MS = 1000;

/** Undo, redo and the problems, in the top bar. */
export function BuilderTools({
  problems,
  problemsOpen,
  onProblems,
  onNextProblem,
}: BuilderToolsProps) {
  const { t } = useTranslation(["builder", "common"]);
  const { readOnly } = useBuilder();
  const past = useUndo((state) => state.past.length);
  const future = useUndo((state) => state.future.length);
  const [flashing, setFlashing] = useState<"undo" | "redo" | null>(null);
  const visited = useRef(-1);
  const step = (direction: "undo" | "redo") => {
    if (direction === "undo") undo();
    else redo();
    announce(t(direction === "undo" ? "undone" : "redone"));
    setFlashing(direction);
    setTimeout(() => setFlashing(null), FLASH_MS);
  };
  const visit = (by: 1 | -1) => {
    if (problems.length === 0) return;
    visited.current = (visited.current + by + problems.length) % problems.length;
    const problem = problems[visited.current];
    if (!problem) return;
    onNextProblem(problem);
    announce(problem.message);
  };
  const group = t("group");
  useCommands([
    {
      id: "builder:undo",
      label: t("common:undo"),
      group,
      keys: ["Ctrl Z"],
      run: () => step("undo"),
    },
    {
      id: "builder:redo",
      label: t("common:redo"),
      group,
      keys: ["Ctrl Shift Z"],
      run: () => step("redo"),
    },
    { id: "builder:next", label: t("problems.next"), group, keys: ["n"], run: () => visit(1) },
    {
      id: "builder:previous",
      label: t("problems.previous"),
      group,
      keys: ["Shift N"],
      run: () => visit(-1),
    },
  ]);
  return (
    <>
      <IconButton
        label={t("common:undo")}
        keyHint="Ctrl Z"
        disabled={past === 0 || readOnly}
        data-active={flashing === "undo"}
        onClick={() => step("undo")}
      >
        <IconArrowBackUp size={18} stroke={1.75} />
      </IconButton>
      <IconButton
        label={t("common:redo")}
        keyHint="Ctrl Shift Z"
        disabled={future === 0 || readOnly}
        data-active={flashing === "redo"}
        onClick={() => step("redo")}
      >
        <IconArrowForwardUp size={18} stroke={1.75} />
      </IconButton>
      <TopBarDivider />
      <ProblemsButton problems={problems} open={problemsOpen} onToggle={onProblems} />
    </>
  );
}
