import { Button, SegmentedControl } from "@mantine/core";
import { IconListTree, IconSitemap } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import type { Problem } from "@/api/types";
import { ASSISTANT_TONES, assistantState } from "@/components/assistant-state";
import { ConflictCard } from "@/components/content/conflict-card";
import { toast } from "@/components/feedback/toast";
import { CanvasControls } from "@/components/flow-canvas/canvas-controls";
import { FlowCanvas } from "@/components/flow-canvas/flow-canvas";
import { useDrawnFlow } from "@/components/flow-canvas/use-drawn-flow";
import { StateDot } from "@/components/state-badge";
import { deleteLogic, deleteStep, moveStep } from "@/flow-core/edit-remove";
import { indexFlow } from "@/flow-core/walk";
import { announce } from "@/lib/announce";
import { useCommands } from "@/lib/commands/use-commands";
import { type Preferences, setPreference } from "@/lib/preferences";
import { useNarrow } from "@/lib/text-scale";
import { AddKey } from "./add-key";
import { AddButtons } from "./add-menu";
import { useBuilder, useDocument } from "./builder-context";
import classes from "./builder-page.module.css";
import { DeleteLogicDialog } from "./delete-logic-dialog";
import { STEP_PANEL, useFocusBack } from "./focus";
import { Outline } from "./outline";
import { ProblemList } from "./problem-list";
import { cardOfSelection, type Selection, selectionOfCard } from "./selection";
import { StepPanel } from "./step-panel";
import { useMarks } from "./use-problems";
import { useSaveState } from "./use-save-state";

interface WorkspaceProps {
  view: Preferences["builderView"];
  selection: Selection | null;
  tab: string | undefined;
  onTab: (tab: string | undefined) => void;
  problemsOpen: boolean;
  onProblems: (open: boolean) => void;
  onChooseProblem: (problem: Problem) => void;
}

/** Canvas or outline, and the side panel. */
export function Workspace(props: WorkspaceProps) {
  const { view, selection, tab, onTab, problemsOpen, onProblems, onChooseProblem } = props;
  const { select, problems, texts, saver, readOnly } = useBuilder();
  const document = useDocument();
  const narrow = useNarrow();
  const { graph, chipText } = useDrawnFlow(document, texts);
  const marks = useMarks(document, problems);
  const selected = cardOfSelection(graph, document, selection);
  const stage = useRef<HTMLElement>(null);
  useFocusBack(stage, selected);
  const [choosing, setChoosing] = useState<string | null>(null);
  const remove = useDelete(setChoosing);
  const { conflict } = useSaveState();
  const toDelete = choosing ? indexFlow(document).byKey.get(choosing)?.step : undefined;
  useWorkspaceCommands(view, selection, remove);
  const onSelect = useCallback(
    (id: string | null) => {
      const card = graph.cards.find((each) => each.id === id);
      select(card ? selectionOfCard(card) : null);
    },
    [graph, select],
  );
  const list = problemsOpen ? (
    <ProblemList
      problems={problems}
      chosen={null}
      onChoose={onChooseProblem}
      onClose={() => onProblems(false)}
    />
  ) : null;
  const floating = !narrow || selection === null;
  return (
    <div className={classes["work"]}>
      <main className={classes["stage"]} id="main" tabIndex={-1} ref={stage}>
        {view === "canvas" ? (
          <FlowCanvas
            graph={graph}
            cardText={texts.card}
            chipText={chipText}
            selected={selected}
            onSelect={onSelect}
            onOpenBranch={(chip) => select({ kind: "logic", key: chip.step })}
            marks={marks}
          >
            {readOnly ? null : <AddButtons graph={graph} />}
            {readOnly ? null : <AddKey graph={graph} />}
            <CanvasControls withMap />
          </FlowCanvas>
        ) : (
          <div className={classes["outline"]}>
            <Outline marks={marks} selected={selected} />
          </div>
        )}
        <ViewSwitch view={view} />
        {list && floating ? <div className={classes["problems"]}>{list}</div> : null}
        {conflict ? (
          <div className={classes["conflict"]}>
            <ConflictCard conflict={conflict} onDecide={(side) => saver.decide(side)} />
          </div>
        ) : null}
        <ChatPill />
      </main>
      {selection ? (
        <div className={classes["side"]} id={STEP_PANEL}>
          {list && !floating ? <div className={classes["inPanel"]}>{list}</div> : null}
          <StepPanel
            selection={selection}
            tab={tab}
            onTab={onTab}
            onDelete={() => remove(selection)}
          />
        </div>
      ) : null}
      {toDelete ? (
        <DeleteLogicDialog
          step={toDelete}
          onClose={() => setChoosing(null)}
          onDelete={(keep) => {
            setChoosing(null);
            remove({ kind: "logic", key: toDelete.key }, keep);
          }}
        />
      ) : null}
    </div>
  );
}

/** Deletes at once and offers Undo; only a branching with steps below asks whose steps stay. */
function useDelete(ask: (step: string) => void) {
  const { t } = useTranslation("builder");
  const { edit, select, store, texts } = useBuilder();
  return useCallback(
    (selection: Selection, keep?: number | "none") => {
      if (selection.kind === "start" || selection.kind === "next") return;
      const { document } = store.getState();
      const step = indexFlow(document).byKey.get(selection.key)?.step;
      if (!step) return;
      const hasSteps =
        step.next.kind === "branches" && step.next.branches.some(({ way }) => way.kind === "steps");
      if (selection.kind === "logic" && hasSteps && keep === undefined) {
        ask(step.key);
        return;
      }
      select(null);
      const deleted = edit((current) =>
        selection.kind === "logic"
          ? deleteLogic(current, step.key, keep ?? "none")
          : deleteStep(current, step.key),
      );
      const message = t("deleted", { name: texts.step(step).title });
      announce(message);
      toast.done(message, { undo: deleted });
    },
    [ask, edit, select, store, t, texts],
  );
}

function useWorkspaceCommands(
  view: Preferences["builderView"],
  selection: Selection | null,
  remove: (selection: Selection) => void,
): void {
  const { t } = useTranslation("builder");
  const { edit, select, readOnly } = useBuilder();
  const group = t("group");
  const move = (direction: 1 | -1) => {
    if (selection?.kind === "step")
      edit((document) => moveStep(document, selection.key, direction));
  };
  useCommands([
    {
      id: "builder:view",
      label: t("switchView"),
      group,
      keys: ["o"],
      run: () => setPreference("builderView", view === "canvas" ? "outline" : "canvas"),
    },
    ...(selection
      ? [
          {
            id: "builder:close",
            label: t("closePanel"),
            group,
            keys: ["Esc"],
            hidden: true,
            inFields: true,
            run: () => select(null),
          },
        ]
      : []),
    ...(selection && !readOnly
      ? [
          {
            id: "builder:delete",
            label: t("deleteStep"),
            group,
            keys: ["Delete"],
            run: () => remove(selection),
          },
          {
            id: "builder:up",
            label: t("moveUp"),
            group,
            keys: ["Alt ↑"],
            hidden: true,
            run: () => move(-1),
          },
          {
            id: "builder:down",
            label: t("moveDown"),
            group,
            keys: ["Alt ↓"],
            hidden: true,
            run: () => move(1),
          },
        ]
      : []),
  ]);
}

function ViewSwitch({ view }: { view: Preferences["builderView"] }) {
  const { t } = useTranslation("builder");
  return (
    <SegmentedControl
      className={classes["views"]}
      aria-label={t("view")}
      value={view}
      onChange={(chosen) => setPreference("builderView", chosen as typeof view)}
      classNames={{ indicator: classes["viewIndicator"], label: classes["viewLabel"] }}
      data={[
        {
          value: "canvas",
          label: (
            <>
              <IconSitemap size={16} stroke={1.75} aria-hidden="true" />
              {t("canvasView")}
            </>
          ),
        },
        {
          value: "outline",
          label: (
            <>
              <IconListTree size={16} stroke={1.75} aria-hidden="true" />
              {t("outlineView")}
            </>
          ),
        },
      ]}
    />
  );
}

/** Opens the chat over any page; its dot says how the assistant is. */
function ChatPill() {
  const { t } = useTranslation(["builder", "shell"]);
  const { assistantId } = useBuilder();
  const navigate = useNavigate();
  const assistant = useQuery(assistantQuery(assistantId)).data;
  const tone = assistant ? ASSISTANT_TONES[assistantState(assistant)] : "neutral";
  return (
    <Button
      variant="default"
      className={classes["chat"]}
      leftSection={<StateDot tone={tone} />}
      onClick={() =>
        void navigate({
          to: ".",
          replace: true,
          search: (previous) => ({ ...previous, train: undefined, chat: 1 }),
        })
      }
    >
      {t("shell:chat")}
      <span className={classes["key"]} aria-hidden="true">
        <kbd>e</kbd>
      </span>
    </Button>
  );
}
