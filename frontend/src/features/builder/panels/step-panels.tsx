import { IconExternalLink } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { content, contentKey } from "@/api/content";
import { toast } from "@/components/feedback/toast";
import { ButtonLink } from "@/components/links";
import { setFields } from "@/flow-core/edit";
import { kindOf, type Step, type StepKind, textField } from "@/flow-core/model";
import { useBuilder } from "../builder-context";
import { ChoiceField } from "./choice-field";
import { CollectPanel } from "./collect-panel";
import { TextField } from "./fields";
import classes from "./fields.module.css";
import { ResponseEditor } from "./response-editor";
import { ResponseField } from "./response-field";
import { SetSlotsPanel } from "./set-slots-panel";
import { asIdentifier } from "./slot-field";

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
  const { edit, sources } = useBuilder();
  const name = textField(step, "action");
  const choose = (action: string) => edit((document) => setFields(document, step.key, { action }));
  return (
    <>
      <ResponseField label={t("message.response")} value={name} onChange={choose} />
      {name !== "utter_" || sources.responses.has(name) ? (
        <ResponseEditor key={name} id={name} />
      ) : null}
    </>
  );
}

function ActionPanel({ step }: StepPanelProps) {
  const { t } = useTranslation("builder");
  const { assistantId, edit, sources } = useBuilder();
  const client = useQueryClient();
  const name = textField(step, "action");
  const choose = (action: string) => edit((document) => setFields(document, step.key, { action }));
  const create = async (typed: string) => {
    const identifier = asIdentifier(typed);
    const action = identifier.startsWith("action_")
      ? identifier
      : `action_${identifier.toLowerCase()}`;
    choose(action);
    try {
      await content.create(assistantId, "actions", action, null);
      await client.invalidateQueries({ queryKey: contentKey(assistantId, "actions") });
    } catch (error) {
      toast.failed(error instanceof Error ? error.message : String(error));
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
  return (
    <>
      <ChoiceField
        label={t("flowTarget.flow")}
        value={target}
        choices={sources.flows
          .filter((flow) => flow.id !== flowId)
          .map((flow) => ({ value: flow.id, label: flow.name, hint: flow.description }))}
        onChange={(flow) => edit((document) => setFields(document, step.key, { [kind]: flow }))}
        placeholder={t("chooseFlow")}
      />
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
