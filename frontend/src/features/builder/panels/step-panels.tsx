import { IconExternalLink } from "@tabler/icons-react";
import { type ComponentType, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ChoiceField } from "@/components/content/choice-field";
import { TextField } from "@/components/content/fields";
import classes from "@/components/content/fields.module.css";
import { ResponseEditor } from "@/components/content/response-editor";
import { ResponseField } from "@/components/content/response-field";
import { asIdentifier } from "@/components/content/slot-field";
import { useCreate } from "@/components/content/use-create";
import { toast } from "@/components/feedback/toast";
import { ButtonLink } from "@/components/links";
import { setFields } from "@/flow-core/edit";
import { kindOf, type Step, type StepKind, textField } from "@/flow-core/model";
import { useBuilder } from "../builder-context";
import { CollectPanel } from "./collect-panel";
import { NewFlow } from "./new-flow";
import { SetSlotsPanel } from "./set-slots-panel";

export interface StepPanelProps {
  step: Step;
  tab: string;
}

/** One panel per kind of step. A new kind adds its line here. */
export const STEP_PANELS: Record<StepKind, ComponentType<StepPanelProps>> = {
  message: MessagePanel,
  collect: CollectPanel,
  action: ActionPanel,
  set_slots: SetSlotsPanel,
  call: FlowTargetPanel,
  link: FlowTargetPanel,
  noop: NoopPanel,
  unknown: UnknownPanel,
};

function MessagePanel({ step }: StepPanelProps) {
  const { t } = useTranslation("builder");
  const { edit, sources, writing, write } = useBuilder();
  const name = textField(step, "action");
  const choose = (action: string) => {
    edit((document) => setFields(document, step.key, { action }));
    write(action);
  };
  return (
    <>
      <ResponseField label={t("message.response")} value={name} onChange={choose} />
      {name !== "utter_" || sources.responses.has(name) ? (
        <ResponseEditor key={name} id={name} asked={writing?.response === name ? writing : null} />
      ) : null}
    </>
  );
}

function ActionPanel({ step }: StepPanelProps) {
  const { t } = useTranslation("builder");
  const { assistantId, edit, sources } = useBuilder();
  const make = useCreate(assistantId);
  const name = textField(step, "action");
  const choose = (action: string) => edit((document) => setFields(document, step.key, { action }));
  const create = async (typed: string) => {
    const identifier = asIdentifier(typed);
    const action = identifier.startsWith("action_")
      ? identifier
      : `action_${identifier.toLowerCase()}`;
    choose(action);
    try {
      await make("actions", action, null);
    } catch (error) {
      toast.refused(error);
    }
  };
  return (
    <>
      <ChoiceField
        label={t("action.name")}
        value={name}
        choices={sources.actions.map((action) => ({ value: action.id, label: action.id }))}
        onChange={choose}
        onCreate={(typed) => void create(typed)}
        createLabel={(typed) => t("createAction", { name: asIdentifier(typed) })}
        placeholder={t("chooseAction")}
      />
      <p className={classes["quiet"]}>{t("action.hint")}</p>
    </>
  );
}

/** Call and link differ in what happens after, not in what is chosen. */
function FlowTargetPanel({ step }: StepPanelProps) {
  const { t } = useTranslation("builder");
  const { assistantId, flowId, edit, sources } = useBuilder();
  const kind = kindOf(step) === "call" ? "call" : "link";
  const target = textField(step, kind);
  const known = sources.flows.some((flow) => flow.id === target);
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const choose = (flow: string) =>
    edit((document) => setFields(document, step.key, { [kind]: flow }));
  return (
    <>
      <ChoiceField
        ref={field}
        label={t("flowTarget.flow")}
        value={target}
        choices={sources.flows
          .filter((flow) => flow.id !== flowId)
          .map((flow) => ({ value: flow.id, label: flow.name, hint: flow.description }))}
        onChange={choose}
        onCreate={setTyped}
        createLabel={(name) => t("createFlow", { name })}
        placeholder={t("chooseFlow")}
      />
      {typed === null ? null : (
        <NewFlow
          key={typed}
          typed={typed}
          onDone={(flow) => {
            field.current?.focus();
            setTyped(null);
            if (flow !== null) choose(flow);
          }}
        />
      )}
      <p className={classes["quiet"]}>{t(`flowTarget.${kind}`)}</p>
      {known ? (
        <div>
          <ButtonLink
            variant="default"
            size="xs"
            leftSection={<IconExternalLink size={14} stroke={1.75} />}
            to="/assistants/$assistantId/flows/$flowId"
            params={{ assistantId, flowId: target }}
          >
            {t("flowTarget.open")}
          </ButtonLink>
        </div>
      ) : null}
    </>
  );
}

function NoopPanel() {
  const { t } = useTranslation("builder");
  return <p>{t("noop")}</p>;
}

/** Kept as it is: a newer runtime may know it. */
function UnknownPanel({ step }: StepPanelProps) {
  const { t } = useTranslation("builder");
  return (
    <>
      <p>{t("unknown")}</p>
      <TextField
        label={t("asWritten")}
        value={JSON.stringify(step.fields, null, 2)}
        long
        mono
        onChange={() => undefined}
      />
    </>
  );
}
