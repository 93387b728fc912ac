import { SegmentedControl, Select } from "@mantine/core";
import { IconBolt, IconMessage2, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { content, contentKey, contentQuery } from "@/api/content";
import { AddRow } from "@/components/content/add-row";
import { ConditionEditor } from "@/components/content/condition-editor";
import { FieldGroup, SwitchField, TextField } from "@/components/content/fields";
import classes from "@/components/content/fields.module.css";
import { ResponseEditor } from "@/components/content/response-editor";
import { ResponseField } from "@/components/content/response-field";
import { SlotField, useTypeName } from "@/components/content/slot-field";
import { SlotUses } from "@/components/content/slot-uses";
import { useCreate } from "@/components/content/use-create";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { setFields, setHeader } from "@/flow-core/edit";
import { isObject, type Json, type JsonObject } from "@/flow-core/json";
import { type FlowDocument, type Step, textField } from "@/flow-core/model";
import { rememberEdit } from "@/lib/undo";
import { useBuilder, useDocument } from "../builder-context";
import type { StepPanelProps } from "./step-panels";

export function CollectPanel({ step, tab }: StepPanelProps) {
  const { assistantId } = useBuilder();
  if (tab === "check") return <CheckTab step={step} />;
  if (tab === "used") {
    const slot = textField(step, "collect");
    return (
      <>
        <SlotType slot={slot} />
        <SlotUses assistantId={assistantId} slot={slot} />
      </>
    );
  }
  return <AskTab step={step} />;
}

function AskTab({ step }: { step: Step }) {
  const { t } = useTranslation("builder");
  const { edit, write } = useBuilder();
  const slot = textField(step, "collect");
  const set = (change: Record<string, Json | undefined>, field?: string) =>
    edit((document) => setFields(document, step.key, change), field && `${step.key} ${field}`);
  return (
    <>
      <SlotField
        label={t("collect.slot")}
        value={slot}
        onChange={(collect) => {
          set({ collect });
          write(textField(step, "utter") || `utter_ask_${collect}`);
        }}
      />
      <TextField
        label={t("collect.description")}
        value={textField(step, "description")}
        long
        onChange={(description) => set({ description: description || undefined }, "description")}
      />
      {slot ? <HowToAsk step={step} slot={slot} /> : null}
      <div className={classes["switches"]}>
        <SwitchField
          label={t("collect.askBefore")}
          hint={t("collect.askBeforeHint")}
          checked={step.fields["ask_before_filling"] === true}
          onChange={(on) => set({ ask_before_filling: on || undefined })}
        />
        <SwitchField
          label={t("collect.stay")}
          hint={t("collect.stayHint")}
          checked={step.fields["force_slot_filling"] === true}
          onChange={(on) => set({ force_slot_filling: on || undefined })}
        />
        <KeepSwitch step={step} slot={slot} />
      </div>
    </>
  );
}

/** The type belongs to the slot, so changing it here changes it everywhere. */
function SlotType({ slot }: { slot: string }) {
  const { t } = useTranslation(["builder", "content"]);
  const { assistantId, readOnly, sources } = useBuilder();
  const client = useQueryClient();
  const typeName = useTypeName();
  const known = sources.slots.get(slot);
  const stored = useQuery({
    ...contentQuery(assistantId, "slots", slot),
    enabled: known !== undefined,
  });
  if (!known || !stored.data) return null;
  const put = async (type: string) => {
    const values = type === "categorical" ? { values: known.values ?? [] } : {};
    try {
      const { queryKey } = contentQuery(assistantId, "slots", slot);
      const { revision, body } = client.getQueryData(queryKey) ?? stored.data;
      const saved = await content.save(assistantId, "slots", slot, {
        revision,
        body: { ...body, type, ...values },
      });
      client.setQueryData(queryKey, saved);
      await client.invalidateQueries({ queryKey: contentKey(assistantId, "slots") });
    } catch (error) {
      toast.refused(error);
    }
  };
  const change = async (type: string) => {
    rememberEdit({ from: known.type, to: type, bring: (_, next) => void put(next) });
    await put(type);
  };
  const types = ["text", "bool", "float", "categorical", "any"];
  return (
    <Select
      label={t("content:slotType")}
      description={
        known.used_in.length > 1 ? t("slotEverywhere", { count: known.used_in.length }) : undefined
      }
      disabled={readOnly}
      allowDeselect={false}
      data={(types.includes(known.type) ? types : [known.type, ...types]).map((type) => ({
        value: type,
        label: typeName(type),
      }))}
      value={known.type}
      onChange={(type) => void change(type ?? known.type)}
    />
  );
}

function HowToAsk({ step, slot }: { step: Step; slot: string }) {
  const { t } = useTranslation("builder");
  const { edit, readOnly, sources, writing, write } = useBuilder();
  const actionName = `action_ask_${slot}`;
  const hasAction = sources.actions.some((action) => action.id === actionName);
  const [way, setWay] = useState<"response" | "action">(hasAction ? "action" : "response");
  const standard = `utter_ask_${slot}`;
  const response = textField(step, "utter") || standard;
  const setUtter = (utter: string) => {
    edit((document) =>
      setFields(document, step.key, { utter: utter === standard ? undefined : utter }),
    );
    write(utter);
  };
  return (
    <FieldGroup title={t("collect.how")}>
      <SegmentedControl
        fullWidth
        disabled={readOnly}
        aria-label={t("collect.how")}
        value={way}
        onChange={(chosen) => setWay(chosen as typeof way)}
        data={[
          { value: "response", label: <WayLabel icon="response" text={t("collect.response")} /> },
          { value: "action", label: <WayLabel icon="action" text={t("collect.action")} /> },
        ]}
      />
      {way === "response" ? (
        <>
          <ResponseEditor
            key={response}
            id={response}
            asked={writing?.response === response ? writing : null}
          />
          <ResponseField label={t("collect.otherResponse")} value={response} onChange={setUtter} />
        </>
      ) : (
        <AskAction name={actionName} exists={hasAction} />
      )}
    </FieldGroup>
  );
}

function WayLabel({ icon, text }: { icon: "response" | "action"; text: string }) {
  const Icon = icon === "response" ? IconMessage2 : IconBolt;
  return (
    <>
      <Icon size={16} stroke={1.75} aria-hidden="true" />
      {text}
    </>
  );
}

/** The runtime asks by the action of this very name; there is nothing to choose, only to declare it. */
function AskAction({ name, exists }: { name: string; exists: boolean }) {
  const { t } = useTranslation("builder");
  const { assistantId } = useBuilder();
  const make = useCreate(assistantId);
  const declare = async () => {
    try {
      await make("actions", name, null);
    } catch (error) {
      toast.refused(error);
    }
  };
  return (
    <div className={classes["card"]}>
      <code>{name}</code>
      <p className={classes["quiet"]}>
        {t(exists ? "collect.actionAsks" : "collect.actionMissing")}
      </p>
      {exists ? null : <AddRow label={t("collect.declare")} onClick={() => void declare()} />}
    </div>
  );
}

/** Kept slots are listed at the flow; the older key at the step says the same. */
function KeepSwitch({ step, slot }: { step: Step; slot: string }) {
  const { t } = useTranslation("builder");
  const { edit } = useBuilder();
  const { header } = useDocument();
  const kept = persisted(header).includes(slot) || step.fields["reset_after_flow_ends"] === false;
  return (
    <SwitchField
      label={t("collect.keep")}
      hint={t("collect.keepHint")}
      checked={kept}
      onChange={(on) => edit((document) => keepSlot(document, step, slot, on))}
    />
  );
}

function persisted(header: JsonObject): string[] {
  const list = header["persisted_slots"];
  return Array.isArray(list) ? list.map(String) : [];
}

function keepSlot(document: FlowDocument, step: Step, slot: string, keep: boolean): FlowDocument {
  const others = persisted(document.header).filter((each) => each !== slot);
  const list = keep ? [...others, slot] : others;
  const listed = setHeader(document, { persisted_slots: list.length > 0 ? list : undefined });
  return setFields(listed, step.key, { reset_after_flow_ends: undefined });
}

/** "Not accepted when … then say …", any number of times. */
function CheckTab({ step }: { step: Step }) {
  const { t } = useTranslation("builder");
  const { edit, readOnly, writing, write } = useBuilder();
  const slot = textField(step, "collect");
  const list = step.fields["rejections"];
  const rejections = Array.isArray(list) ? list : [];
  const save = (next: Json[], field?: string) =>
    edit(
      (document) =>
        setFields(document, step.key, { rejections: next.length > 0 ? next : undefined }),
      field && `${step.key} ${field}`,
    );
  return (
    <>
      <p>{t("check.intro")}</p>
      {rejections.map((each, index) => {
        const rejection: JsonObject = isObject(each) ? each : {};
        const change = (part: JsonObject, field: string) =>
          save(
            rejections.map((other, place) => (place === index ? { ...rejection, ...part } : other)),
            `${field} ${index}`,
          );
        const utter = String(rejection["utter"] ?? "");
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: rejections have no identity but their place
          <div key={index} className={classes["card"]}>
            <div className={classes["row"]}>
              <b className={classes["grow"]}>{t("check.when")}</b>
              {readOnly ? null : (
                <IconButton
                  size={28}
                  label={t("check.remove")}
                  onClick={() => save(rejections.toSpliced(index, 1))}
                >
                  <IconTrash size={16} stroke={1.75} />
                </IconButton>
              )}
            </div>
            <ConditionEditor
              value={String(rejection["if"] ?? "")}
              slot={slot}
              onChange={(value) => change({ if: value }, "if")}
            />
            <ResponseField
              label={t("check.thenSay")}
              value={utter}
              onChange={(response) => {
                change({ utter: response }, "utter");
                write(response);
              }}
            />
            {utter ? (
              <ResponseEditor
                key={utter}
                id={utter}
                asked={writing?.response === utter ? writing : null}
              />
            ) : null}
          </div>
        );
      })}
      <AddRow
        label={t(rejections.length > 0 ? "check.another" : "check.add")}
        onClick={() => save([...rejections, { if: "", utter: "" }])}
      />
    </>
  );
}
