import { Button } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { isApiError } from "@/api/errors";
import type { Finding } from "@/components/code-editor/code-editor";
import { ConflictCard } from "@/components/content/conflict-card";
import { SavedState } from "@/components/content/saved-state";
import { useCompletions } from "@/components/content/use-completions";
import { useItem } from "@/components/content/use-item";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { useCommands } from "@/lib/commands/use-commands";
import classes from "./files-page.module.css";

const CodeEditor = lazy(async () => ({
  default: (await import("@/components/code-editor/code-editor")).CodeEditor,
}));

interface ItemTextProps {
  assistantId: string;
  path: string;
  line: number | undefined;
  onDone: () => void;
}

/**
 * The text of a file that pages write. It is saved when its author says so: half a line would be another flow, or
 * none. What cannot be read stays here with the reason at its line.
 */
export function ItemText({ assistantId, path, line, onDone }: ItemTextProps) {
  const { t } = useTranslation(["files", "common"]);
  const item = useItem(assistantId, "files", path);
  const completions = useCompletions(assistantId, path);
  const [draft, setDraft] = useState<string | null>(null);
  const refusal = item.kind === "open" ? item.save.error : null;
  const findings = useMemo(() => findingsOf(refusal), [refusal]);
  const save = () => {
    if (item.kind !== "open" || draft === null) return;
    item.change(draft);
    setDraft(null);
  };
  useCommands([
    {
      id: "files:save",
      label: t("saveText"),
      group: t("title"),
      keys: ["Ctrl S"],
      inFields: true,
      run: save,
    },
  ]);
  if (item.kind !== "open") return <ListSkeleton />;
  return (
    <>
      {item.save.conflict ? (
        <ConflictCard conflict={item.save.conflict} onDecide={item.decide} />
      ) : null}
      {findings.map(({ line: at, message }) => (
        <p key={`${at} ${message}`} className={classes["finding"]} role="status">
          <IconAlertCircle size={16} stroke={1.75} aria-hidden="true" />
          {t("finding", { line: at, message })}
        </p>
      ))}
      <div className={classes["reader"]}>
        <Suspense fallback={<ListSkeleton />}>
          <CodeEditor
            label={path}
            path={path}
            value={draft ?? item.body}
            findings={findings}
            completions={completions}
            readOnly={false}
            line={line}
            onChange={setDraft}
          />
        </Suspense>
      </div>
      <footer className={classes["foot"]}>
        <SavedState save={item.save} />
        <span className={classes["grow"]} />
        <Button variant="default" onClick={onDone}>
          {t(draft === null ? "common:close" : "common:cancel")}
        </Button>
        <Button disabled={draft === null} rightSection={<kbd>Ctrl S</kbd>} onClick={save}>
          {t("saveText")}
        </Button>
      </footer>
    </>
  );
}

function findingsOf(error: Error | null): Finding[] {
  if (!isApiError(error) || error.status !== 400) return [];
  return error.errors.map(({ line, message }) => ({ line: line ?? 1, message }));
}
