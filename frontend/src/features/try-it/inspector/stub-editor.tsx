import { Button, Select, Switch, Textarea } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { VersionContent } from "@/api/types";
import { SlotValueField } from "@/components/content/slot-value-field";
import type { SlotDefinition } from "@/components/content/slot-values";
import { IconButton } from "@/components/icon-button";
import type { JsonObject } from "@/flow-core/json";
import shared from "./inspector.module.css";
import classes from "./side.module.css";
import { type StubDraft, useStubDraft } from "./use-stub-draft";

interface StubEditorProps {
  action: string;
  stub: JsonObject | undefined;
  /** Of the version: which slots there are. */
  content: VersionContent | undefined;
  onSave: (answer: JsonObject) => Promise<void>;
  onCancel: () => void;
}

/** Writes the answer of an action: texts to say and slots to set, or for experts the JSON itself. */
export function StubEditor({ action, stub, content, onSave, onCancel }: StubEditorProps) {
  const { t } = useTranslation(["inspector", "common"]);
  const { form, setForm, json, setJson, problem, setProblem, read, showJson, definition } =
    useStubDraft(stub, content);
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const answer = read();
    if (!answer) return;
    setBusy(true);
    try {
      await onSave(answer);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <form
      className={classes["editor"]}
      aria-label={t("actions.editor", { action })}
      onSubmit={(event) => void save(event)}
    >
      {form ? (
        <>
          <Texts texts={form.texts} onChange={(texts) => setForm({ ...form, texts })} />
          <Slots
            names={Object.keys(content?.slots ?? {})}
            slots={form.slots}
            definition={definition}
            onChange={(slots) => setForm({ ...form, slots })}
          />
        </>
      ) : (
        <Textarea
          label={t("actions.json")}
          classNames={{ input: shared["code"] ?? "" }}
          minRows={6}
          maxRows={20}
          value={json}
          onChange={(event) => setJson(event.currentTarget.value)}
        />
      )}
      {problem ? (
        <p className={shared["problem"]} role="alert">
          {problem}
        </p>
      ) : null}
      <div className={classes["buttons"]}>
        <Button size="xs" type="submit" loading={busy}>
          {t("actions.save")}
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={onCancel}>
          {t("common:cancel")}
        </Button>
        <span className={shared["grow"]} />
        <Switch
          size="sm"
          labelPosition="left"
          label={t("actions.asJson")}
          checked={form === null}
          onChange={(event) => showJson(event.currentTarget.checked)}
        />
      </div>
    </form>
  );
}

interface TextsProps {
  texts: StubDraft["texts"];
  onChange: (texts: StubDraft["texts"]) => void;
}

function Texts({ texts, onChange }: TextsProps) {
  const { t } = useTranslation("inspector");
  return (
    <Rows
      title={t("actions.texts")}
      addLabel={t("actions.addText")}
      onAdd={() => onChange([...texts, ""])}
    >
      {texts.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: texts have no identity but their place
        <div className={classes["row"]} key={index}>
          <Textarea
            className={shared["grow"] ?? ""}
            aria-label={t("actions.text", { number: index + 1 })}
            minRows={1}
            value={text}
            onChange={(event) => onChange(texts.with(index, event.currentTarget.value))}
          />
          <RemoveButton
            label={t("actions.removeText", { number: index + 1 })}
            onClick={() => onChange(texts.toSpliced(index, 1))}
          />
        </div>
      ))}
    </Rows>
  );
}

interface SlotsProps {
  names: string[];
  slots: StubDraft["slots"];
  definition: (slot: string) => SlotDefinition;
  onChange: (slots: StubDraft["slots"]) => void;
}

function Slots({ names, slots, definition, onChange }: SlotsProps) {
  const { t } = useTranslation("inspector");
  return (
    <Rows
      title={t("actions.slots")}
      addLabel={t("actions.addSlot")}
      onAdd={() => onChange([...slots, { name: "", draft: "" }])}
    >
      {slots.map(({ name, draft }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one slot may be set twice; rows have no identity but their place
        <div className={classes["row"]} key={index}>
          <Select
            className={classes["slotName"]}
            aria-label={t("actions.slot", { number: index + 1 })}
            placeholder={t("actions.chooseSlot")}
            data={names}
            searchable
            value={name || null}
            onChange={(chosen) => onChange(slots.with(index, startOf(chosen ?? "", definition)))}
          />
          <div className={shared["grow"]}>
            {name ? (
              <SlotValueField
                label={t("slots.value", { slot: name })}
                slot={definition(name)}
                draft={draft}
                onChange={(next) => onChange(slots.with(index, { name, draft: next }))}
              />
            ) : null}
          </div>
          <RemoveButton
            label={t("actions.removeSlot", { number: index + 1 })}
            onClick={() => onChange(slots.toSpliced(index, 1))}
          />
        </div>
      ))}
    </Rows>
  );
}

/** A slot just chosen: yes or no and choices begin with their first value, the rest is empty. */
function startOf(name: string, definition: SlotsProps["definition"]): StubDraft["slots"][0] {
  const { type, values } = definition(name);
  if (type === "bool") return { name, draft: "true" };
  return { name, draft: type === "choice" ? String(values[0] ?? "") : "" };
}

interface RowsProps {
  title: string;
  addLabel: string;
  onAdd: () => void;
  children: ReactNode;
}

function Rows({ title, addLabel, onAdd, children }: RowsProps) {
  return (
    <fieldset className={classes["group"]}>
      <legend>{title}</legend>
      {children}
      <Button
        size="xs"
        variant="subtle"
        className={classes["add"]}
        leftSection={<IconPlus size={14} stroke={1.75} />}
        onClick={onAdd}
      >
        {addLabel}
      </Button>
    </fieldset>
  );
}

function RemoveButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <IconButton size={34} label={label} onClick={onClick}>
      <IconTrash size={16} stroke={1.75} />
    </IconButton>
  );
}
