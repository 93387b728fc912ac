import { Button, Tabs, TextInput } from "@mantine/core";
import { IconLink, IconTrash, IconX } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/me";
import { FieldProblems } from "@/components/content/fields";
import { toast } from "@/components/feedback/toast";
import { ownTitle } from "@/components/flow-canvas/card-texts";
import { IconButton } from "@/components/icon-button";
import { SidePanel } from "@/components/layout/side-panel";
import { Moment } from "@/components/moment";
import { PersonAvatar } from "@/components/person-avatar";
import { StateDot } from "@/components/state-badge";
import type { CardKind } from "@/components/steps/step-kinds";
import { StepTile } from "@/components/steps/step-tile";
import { setFields } from "@/flow-core/edit";
import { isObject } from "@/flow-core/json";
import { kindOf, type Step, textField } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";
import { useBuilder, useDocument } from "./builder-context";
import { LogicPanel } from "./panels/logic-panel";
import { NextPanel } from "./panels/next-panel";
import { StartPanel } from "./panels/start-panel";
import { STEP_PANELS } from "./panels/step-panels";
import { type Selection, sameSelection } from "./selection";
import classes from "./step-panel.module.css";
import { CHANGED_BY_OTHERS } from "./use-clashes";
import { problemSelection } from "./use-problems";
import { useSaveState } from "./use-save-state";

interface StepPanelProps {
  selection: Selection;
  tab: string | undefined;
  onTab: (tab: string) => void;
  onDelete: () => void;
}

/** The side panel for whatever is selected on the canvas. */
export function StepPanel({ selection, tab, onTab, onDelete }: StepPanelProps) {
  const { t } = useTranslation(["builder", "canvas", "common"]);
  const { select, problems, readOnly } = useBuilder();
  const document = useDocument();
  const step =
    selection.kind === "start"
      ? null
      : (indexFlow(document).byKey.get(selection.key)?.step ?? null);
  const kind = cardKind(selection, step);
  // Those of messages and slots stand beside the words and names that make them.
  const here = problems.filter(
    (problem) =>
      (problem.kind === "flow" || problem.code === CHANGED_BY_OTHERS) &&
      sameSelection(problemSelection(document, problem), selection),
  );
  const tabs =
    kind === "collect" && step
      ? collectTabs(
          step,
          here.some((each) => each.pointer?.includes("/rejections")),
        )
      : [];
  const active = tabs.some((each) => each.value === tab) ? (tab ?? "ask") : "ask";
  const inTab = here.filter(
    (problem) => (problem.pointer?.includes("/rejections") ? "check" : "ask") === active,
  );
  return (
    <SidePanel
      label={t(`canvas:kinds.${kind}`)}
      head={
        <>
          <StepTile kind={kind} size={32} />
          <PanelTitle selection={selection} step={step} kind={kind} />
          <IconButton
            size={28}
            label={t("copyLink")}
            onClick={() => void copyLink(t("linkCopied"))}
          >
            <IconLink size={18} stroke={1.75} />
          </IconButton>
          <IconButton
            size={28}
            label={t("common:close")}
            keyHint="Esc"
            onClick={() => select(null)}
          >
            <IconX size={18} stroke={1.75} />
          </IconButton>
        </>
      }
      bar={
        tabs.length > 0 ? (
          <Tabs value={active} onChange={(value) => onTab(value ?? "ask")}>
            <Tabs.List className={classes["tabList"]}>
              {tabs.map((each) => (
                <Tabs.Tab
                  key={each.value}
                  value={each.value}
                  rightSection={each.bad ? <StateDot tone="err" /> : null}
                >
                  {t(`tabs.${each.value}`)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
          </Tabs>
        ) : null
      }
      foot={
        <PanelFoot
          {...(selection.kind === "start" || selection.kind === "next" || readOnly
            ? {}
            : { onDelete })}
          kind={selection.kind}
        />
      }
    >
      <FieldProblems problems={inTab} />
      <PanelBody
        key={`${selection.kind} ${step?.key}`}
        selection={selection}
        step={step}
        tab={active}
      />
    </SidePanel>
  );
}

type CollectTab = "ask" | "check" | "used";

function collectTabs(step: Step, checkIsBad: boolean): { value: CollectTab; bad: boolean }[] {
  return textField(step, "collect")
    ? [
        { value: "ask", bad: false },
        { value: "check", bad: checkIsBad },
        { value: "used", bad: false },
      ]
    : [];
}

function cardKind(selection: Selection, step: Step | null): CardKind {
  if (selection.kind === "start" || !step) return "start";
  if (selection.kind === "logic") return "logic";
  if (selection.kind === "next") return "connect";
  const kind = kindOf(step);
  return kind === "unknown" ? "noop" : kind;
}

interface PanelBodyProps {
  selection: Selection;
  step: Step | null;
  tab: string;
}

function PanelBody({ selection, step, tab }: PanelBodyProps): ReactNode {
  if (selection.kind === "start" || !step) return <StartPanel />;
  if (selection.kind === "logic") return <LogicPanel step={step} />;
  if (selection.kind === "next") return <NextPanel step={step} branch={selection.branch} />;
  const Panel = STEP_PANELS[kindOf(step)];
  return <Panel step={step} tab={tab} />;
}

/** The title of a step is edited where it stands; empty gives the one made from its content back. */
function PanelTitle({
  selection,
  step,
  kind,
}: {
  selection: Selection;
  step: Step | null;
  kind: CardKind;
}) {
  const { t } = useTranslation(["builder", "canvas"]);
  const { edit, texts, readOnly } = useBuilder();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const isPoint = step !== null && selection.kind === "logic" && kindOf(step) === "noop";
  const name = selection.kind === "logic" && !isPoint ? "logic_title" : "title";
  const shown = useTitle(selection, step);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "F2") input.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const editable =
    step !== null && selection.kind !== "next" && selection.kind !== "start" && !readOnly;
  const change = (title: string) => {
    setTyped(title);
    if (!step) return;
    edit((document) => {
      const current = indexFlow(document).byKey.get(step.key)?.step.fields["metadata"];
      const { [name]: _before, ...rest } = isObject(current) ? current : {};
      const metadata = title.trim() ? { ...rest, [name]: title.trim() } : rest;
      return setFields(document, step.key, {
        metadata: Object.keys(metadata).length > 0 ? metadata : undefined,
      });
    }, `${step.key} ${name}`);
  };
  return (
    <div className={classes["titles"]}>
      {editable ? (
        <TextInput
          ref={input}
          variant="unstyled"
          classNames={{ input: classes["title"] }}
          aria-label={t("stepTitle")}
          value={typed ?? shown}
          placeholder={texts.step(step).title}
          onChange={(event) => change(event.currentTarget.value)}
          onFocus={() => setTyped(ownTitle(step, name) || shown)}
          onBlur={() => setTyped(null)}
        />
      ) : (
        <h2 className={`small-heading ${classes["fixedTitle"]}`}>{shown}</h2>
      )}
      <span className={classes["kind"]}>{t(`canvas:kinds.${kind}`)}</span>
    </div>
  );
}

function useTitle(selection: Selection, step: Step | null): string {
  const { t } = useTranslation(["builder", "canvas"]);
  const { texts } = useBuilder();
  if (selection.kind === "start" || !step) return texts.flowTitle;
  if (selection.kind === "next") return t("target.title", { step: texts.step(step).title });
  if (selection.kind === "step" || kindOf(step) === "noop") return texts.step(step).title;
  return ownTitle(step, "logic_title") || t("canvas:kinds.logic");
}

function PanelFoot({ onDelete, kind }: { onDelete?: () => void; kind: Selection["kind"] }) {
  const { t } = useTranslation("builder");
  const me = useMe();
  const { savedAt, savedBy } = useSaveState();
  return (
    <>
      <span className={classes["who"]}>
        {savedBy ? <PersonAvatar person={savedBy} size={20} /> : null}
        {savedAt ? (
          <span>
            {savedBy ? (savedBy.id === me.id ? t("you") : savedBy.name) : t("system")},{" "}
            <Moment at={savedAt} />
          </span>
        ) : null}
      </span>
      {onDelete ? (
        <Button
          variant="subtle"
          size="xs"
          className={classes["delete"]}
          leftSection={<IconTrash size={18} stroke={1.75} />}
          onClick={onDelete}
        >
          {t(kind === "logic" ? "deleteLogic" : "deleteStep")}
        </Button>
      ) : null}
    </>
  );
}

async function copyLink(message: string): Promise<void> {
  await navigator.clipboard.writeText(window.location.href);
  toast.done(message);
}
