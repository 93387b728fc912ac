import { SegmentedControl } from "@mantine/core";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Problem } from "@/api/types";
import type { Finding } from "@/components/code-editor/code-editor";
import { ListSkeleton } from "@/components/feedback/skeletons";
import type { Json } from "@/flow-core/json";
import { DATA_FORMS, type DataForm, dataText, type ReadData, readData } from "@/lib/custom-data";
import { useContent } from "./content-context";
import classes from "./custom-data.module.css";
import { FieldProblems } from "./fields";

const CodeEditor = lazy(async () => ({
  default: (await import("@/components/code-editor/code-editor")).CodeEditor,
}));

export interface CustomDataProps {
  label: string;
  /** What the data go with. */
  hint?: string;
  value: Json | undefined;
  problems: readonly Problem[];
  onChange: (value: Json | undefined) => void;
}

/** Custom data as YAML or JSON. What cannot be read stays here with the reason at its line, and is not saved. */
export function CustomData({ label, hint, value, problems, onChange }: CustomDataProps) {
  const { t } = useTranslation("content");
  const { readOnly } = useContent();
  const [form, setForm] = useState<DataForm>("yaml");
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft !== null && means(draft, form, value) ? draft : dataText(value, form);
  const read = useMemo(() => readData(text, form), [text, form]);
  const findings = useMemo(() => findingsOf(read, t), [read, t]);
  const change = (next: string) => {
    setDraft(next);
    const found = readData(next, form);
    if ("value" in found) onChange(found.value);
  };
  return (
    <div className={classes["data"]}>
      <div className={classes["head"]}>
        <span>
          {label} {hint ? <small>{hint}</small> : null}
        </span>
        <SegmentedControl
          size="xs"
          aria-label={t("customData.form")}
          data={DATA_FORMS.map((each) => ({ value: each, label: t(`customData.${each}`) }))}
          value={form}
          disabled={"problem" in read}
          onChange={(chosen) => {
            setDraft(null);
            setForm(chosen as DataForm);
          }}
        />
      </div>
      <div className={classes["editor"]}>
        <Suspense fallback={<ListSkeleton />}>
          <CodeEditor
            key={form}
            label={label}
            path={`custom.${form === "yaml" ? "yml" : "json"}`}
            value={text}
            findings={findings}
            readOnly={readOnly}
            onChange={change}
          />
        </Suspense>
      </div>
      {findings.map(({ line, message }) => (
        <p key={message} className={classes["problem"]} role="status">
          {t("customData.notSaved", { line, message })}
        </p>
      ))}
      <FieldProblems problems={problems} />
    </div>
  );
}

/** A draft stands until somebody else stores another value; one that cannot be read stands in any case. */
function means(draft: string, form: DataForm, value: Json | undefined): boolean {
  const read = readData(draft, form);
  return !("value" in read) || JSON.stringify(read.value) === JSON.stringify(value);
}

function findingsOf(read: ReadData, t: (key: "customData.noMap") => string): Finding[] {
  if ("value" in read) return [];
  const message = read.problem === "noMap" ? t("customData.noMap") : read.detail;
  return [{ line: read.line, message }];
}
