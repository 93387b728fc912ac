import { IconAlertCircle } from "@tabler/icons-react";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { isApiError } from "@/api/errors";
import type { FileDetail } from "@/api/files";
import { usePermission } from "@/api/me";
import type { Finding } from "@/components/code-editor/code-editor";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { ConflictCard } from "./conflict-card";
import classes from "./file-text.module.css";
import { SavedState } from "./saved-state";
import { useCompletions } from "./use-completions";
import { useItem } from "./use-item";

const CodeEditor = lazy(async () => ({
  default: (await import("@/components/code-editor/code-editor")).CodeEditor,
}));

interface FileTextProps {
  assistantId: string;
  file: FileDetail;
  /** The line to go to, from 1 on. */
  line?: number | undefined;
  /** Words that are offered while one is typed; by default those that its path says. */
  completions?: readonly string[];
  /** The line that is in sight at first; the focus stays where it is. */
  shown?: number | undefined;
}

/** The text of one file to edit, saved by itself, with what is wrong in it. */
export function FileText({ assistantId, file, line, completions, shown }: FileTextProps) {
  const { t } = useTranslation("files");
  const path = file.id;
  const item = useItem(assistantId, "files", path);
  const mayEdit = usePermission(file.permission);
  const ofProject = useCompletions(assistantId, path);
  const offers = useMemo(
    () => completions?.map((label) => ({ label })) ?? ofProject,
    [completions, ofProject],
  );
  const refusal = item.kind === "open" ? item.save.error : null;
  const findings = useMemo(
    () => [...file.findings.map(atLine), ...refused(refusal)],
    [file.findings, refusal],
  );
  if (item.kind !== "open") return <ListSkeleton />;
  return (
    <div className={classes["text"]}>
      {item.save.conflict ? (
        <ConflictCard conflict={item.save.conflict} onDecide={item.decide} />
      ) : null}
      {findings.map(({ line: at, message }) => (
        <p key={`${at} ${message}`} className={classes["finding"]} role="status">
          <IconAlertCircle size={16} stroke={1.75} aria-hidden="true" />
          {t("finding", { line: at, message })}
        </p>
      ))}
      {mayEdit ? null : <p className={classes["note"]}>{t("readOnly")}</p>}
      <Suspense fallback={<ListSkeleton />}>
        <CodeEditor
          key={path}
          label={path}
          path={path}
          value={item.body}
          findings={findings}
          completions={offers}
          readOnly={!mayEdit}
          line={line}
          shown={shown}
          onChange={item.change}
        />
      </Suspense>
      <footer className={classes["foot"]}>
        <span>{t("keys")}</span>
        <span className={classes["grow"]} />
        <SavedState save={item.save} />
      </footer>
    </div>
  );
}

const atLine = ({ line, message }: { line?: number | null; message: string }): Finding => ({
  line: line ?? 1,
  message,
});

/** Why the server did not take the text, at its lines; it is kept here until it can be read. */
function refused(error: Error | null): Finding[] {
  return isApiError(error) && error.status === 400 ? error.errors.map(atLine) : [];
}
