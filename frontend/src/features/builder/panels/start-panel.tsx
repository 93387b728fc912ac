import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ConditionEditor } from "@/components/content/condition-editor";
import { FieldGroup, SwitchField, TextField } from "@/components/content/fields";
import { setHeader } from "@/flow-core/edit";
import { useBuilder, useDocument } from "../builder-context";
import { FlowId } from "./flow-id";
import { LinkedFrom } from "./linked-from";

/** The flow itself: name, description, and when it may start. */
export function StartPanel() {
  const { t } = useTranslation("builder");
  const { edit } = useBuilder();
  const { header } = useDocument();
  return (
    <>
      <TextField
        label={t("start.name")}
        value={String(header["name"] ?? "")}
        hint={t("start.nameHint")}
        onChange={(name) =>
          edit((document) => setHeader(document, { name: name || undefined }), "name")
        }
      />
      <TextField
        label={t("start.description")}
        value={String(header["description"] ?? "")}
        hint={t("start.descriptionHint")}
        long
        onChange={(description) =>
          edit((document) => setHeader(document, { description }), "description")
        }
      />
      <GuardField />
      <SwitchField
        label={t("start.always")}
        hint={t("start.alwaysHint")}
        checked={header["always_include_in_prompt"] === true}
        onChange={(on) =>
          edit((document) => setHeader(document, { always_include_in_prompt: on || undefined }))
        }
      />
      <FlowId />
      <LinkedFrom />
    </>
  );
}

const GUARDS = ["always", "links", "condition"] as const;
type Guard = (typeof GUARDS)[number];

function guardOf(value: unknown): Guard {
  if (value === undefined || value === true) return "always";
  if (value === false || String(value).toLowerCase() === "false") return "links";
  return "condition";
}

function GuardField() {
  const { t } = useTranslation("builder");
  const { edit, readOnly } = useBuilder();
  const { header } = useDocument();
  const [choosing, setChoosing] = useState(false);
  const guard = choosing ? "condition" : guardOf(header["if"]);
  const change = (next: Guard) => {
    setChoosing(next === "condition");
    if (next === "always") edit((document) => setHeader(document, { if: undefined }));
    if (next === "links") edit((document) => setHeader(document, { if: false }));
  };
  return (
    <FieldGroup title={t("start.guard")}>
      <SegmentedControl
        fullWidth
        size="sm"
        disabled={readOnly}
        aria-label={t("start.guard")}
        data={GUARDS.map((each) => ({ value: each, label: t(`start.guards.${each}`) }))}
        value={guard}
        onChange={(next) => change(next as Guard)}
      />
      {guard === "condition" ? (
        <ConditionEditor
          value={typeof header["if"] === "string" ? header["if"] : ""}
          onChange={(value) => edit((document) => setHeader(document, { if: value }), "guard")}
        />
      ) : null}
    </FieldGroup>
  );
}
