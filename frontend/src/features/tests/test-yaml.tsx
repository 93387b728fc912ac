import { IconAlertCircle } from "@tabler/icons-react";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { SaveState, Whose } from "@/api/autosave";
import { isApiError } from "@/api/errors";
import type { Finding } from "@/components/code-editor/code-editor";
import { ConflictCard } from "@/components/content/conflict-card";
import { useContent } from "@/components/content/content-context";
import { SavedState } from "@/components/content/saved-state";
import { useCompletions } from "@/components/content/use-completions";
import { ListSkeleton } from "@/components/feedback/skeletons";
import classes from "./tests.module.css";

const CodeEditor = lazy(async () => ({
  default: (await import("@/components/code-editor/code-editor")).CodeEditor,
}));

/** One test is written as those of a file are. */
const PATH = "tests/test.yml";

interface TestYamlProps {
  id: string;
  text: string;
  change: (text: string) => void;
  save: SaveState;
  decide: (whose: Whose) => void;
}

/** The YAML of one test, saved by itself; what cannot be run is marked at its line, and kept here until it can. */
export function TestYaml({ id, text, change, save, decide }: TestYamlProps) {
  const { t } = useTranslation("tests");
  const { assistantId, readOnly } = useContent();
  const findings = useMemo(() => findingsOf(save.error), [save.error]);
  const completions = useCompletions(assistantId, PATH);
  return (
    <div className={classes["yaml"]}>
      {save.conflict ? <ConflictCard conflict={save.conflict} onDecide={decide} /> : null}
      {findings.map(({ line, message }) => (
        <p key={`${line} ${message}`} className={classes["finding"]} role="status">
          <IconAlertCircle size={16} stroke={1.75} aria-hidden="true" />
          {t("finding", { line, message })}
        </p>
      ))}
      <Suspense fallback={<ListSkeleton />}>
        <CodeEditor
          key={id}
          label={t("form.yaml")}
          path={PATH}
          value={text}
          findings={findings}
          completions={completions}
          readOnly={readOnly}
          onChange={change}
        />
      </Suspense>
      <footer className={classes["foot"]}>
        <span>{t("yamlKeys")}</span>
        <span className={classes["grow"]} />
        <SavedState save={save} />
      </footer>
    </div>
  );
}

function findingsOf(error: Error | null): Finding[] {
  if (!isApiError(error) || error.status !== 400) return [];
  return error.errors.map(({ line, message }) => ({ line: line ?? 1, message }));
}
