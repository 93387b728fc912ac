import { Alert, Button } from "@mantine/core";
import { IconPlayerPlay, IconX } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { runAction } from "@/api/actions";
import { usePermission } from "@/api/me";
import { useContent } from "@/components/content/content-context";
import { flushAll } from "@/components/content/saving";
import { SlotField } from "@/components/content/slot-field";
import { SlotValueField, useProblemWords } from "@/components/content/slot-value-field";
import { readDraft, slotDefinition } from "@/components/content/slot-values";
import { IconButton } from "@/components/icon-button";
import type { Json } from "@/flow-core/json";
import { RunResult } from "./run-result";
import classes from "./slots.module.css";

interface RunActionProps {
  action: string;
  /** Slots that its code reads. */
  reads: readonly string[];
  /** The file with its code; null: the project has none. */
  path: string | null;
  /** Shows a line of that file. */
  onLine: (line: number) => void;
}

/** One run of an action with chosen slots, in the model service; Ctrl Enter runs it. */
export function RunAction({ action, reads, path, onLine }: RunActionProps) {
  const { t } = useTranslation("slots");
  const { assistantId, sources } = useContent();
  const mayRun = usePermission("settings.edit");
  const [added, setAdded] = useState<readonly string[]>([]);
  const [drafts, setDrafts] = useState<Record<string, string>>({});
  const problemOf = useProblemWords();
  const slots = [...new Set([...reads, ...added])].filter((slot) => sources.slots.has(slot));
  const definitionOf = (slot: string) => {
    const { type, values } = sources.slots.get(slot) ?? { type: "text", values: null };
    return slotDefinition({ type, values }, null);
  };
  // What is empty is not sent: the slot is then as at the beginning of a conversation.
  const filled = slots
    .filter((slot) => (drafts[slot] ?? "") !== "")
    .map((slot) => [slot, readDraft(definitionOf(slot), drafts[slot] ?? "")] as const);
  const wrong = new Map(filled.map(([slot, read]) => [slot, problemOf(read)]));
  const run = useMutation({
    mutationFn: async () => {
      await flushAll();
      const values: Record<string, Json> = {};
      for (const [slot, read] of filled) if ("value" in read) values[slot] = read.value;
      return runAction(assistantId, action, values);
    },
  });
  const blocked = !mayRun || run.isPending || [...wrong.values()].some(Boolean);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || blocked) return;
    event.preventDefault();
    // Enter would open the choices of the field.
    event.stopPropagation();
    run.mutate();
  };
  const set = (slot: string, draft: string) => setDrafts({ ...drafts, [slot]: draft });
  return (
    <div className={classes["run"]}>
      <section
        className={classes["section"]}
        aria-label={t("runWith")}
        onKeyDownCapture={onKeyDown}
      >
        <h3>{t("runWith")}</h3>
        {slots.map((slot) => (
          <div key={slot} className={classes["runSlot"]}>
            <code className={classes["chip"]}>{slot}</code>
            <SlotValueField
              label={t("valueOf", { slot })}
              slot={definitionOf(slot)}
              draft={drafts[slot] ?? ""}
              error={wrong.get(slot) ?? null}
              onChange={(draft) => set(slot, draft)}
            />
            <IconButton
              size={28}
              label={t("emptySlot", { slot })}
              disabled={(drafts[slot] ?? "") === ""}
              onClick={() => set(slot, "")}
            >
              <IconX size={16} stroke={1.75} />
            </IconButton>
          </div>
        ))}
        <SlotField
          label={t("anotherSlot")}
          value=""
          onChange={(slot) => slot && setAdded([...added, slot])}
        />
        <Button
          leftSection={<IconPlayerPlay size={16} stroke={1.75} />}
          loading={run.isPending}
          disabled={blocked && !run.isPending}
          onClick={() => run.mutate()}
        >
          {t("run")}
        </Button>
        <p className={classes["quiet"]}>{t(mayRun ? "runMeans" : "mayNotRun")}</p>
      </section>
      <section className={classes["section"]} aria-label={t("happened")} aria-live="polite">
        <h3>{t("happened")}</h3>
        {run.error ? (
          <Alert color="red" variant="light" role="alert">
            {run.error.message}
          </Alert>
        ) : run.data ? (
          <RunResult run={run.data} path={path} onLine={onLine} />
        ) : (
          <p className={classes["quiet"]}>{t("notRunYet")}</p>
        )}
      </section>
    </div>
  );
}
