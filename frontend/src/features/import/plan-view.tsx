import { Button } from "@mantine/core";
import { IconAlertTriangle, IconHistory } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { contentKey } from "@/api/content";
import { isApiError } from "@/api/errors";
import { commitsQuery, restoreCommit } from "@/api/history";
import {
  type ImportedItem,
  type ImportPlan,
  type ImportSource,
  imports,
  sourceName,
} from "@/api/imports";
import { StateView } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { PlaceList, placedProblem } from "@/components/place-list";
import { useCommands } from "@/lib/commands/use-commands";
import { choiceAgain, firstChoice, idOf, missing, toChoose } from "./choices";
import classes from "./import.module.css";
import { ItemDialog } from "./item-dialog";
import { ItemTable } from "./item-table";
import { PlanFilters } from "./plan-filters";

const route = getRouteApi("/assistants/$assistantId/import");

interface PlanViewProps {
  assistantId: string;
  name: string;
  source: ImportSource;
  partly: boolean;
  plan: ImportPlan;
  /** It was looked at anew. */
  onPlan: (plan: ImportPlan) => void;
  /** To another file. */
  onLeave: () => void;
}

/** What an import would change, item by item, to be ticked; then it is done in one go. */
export function PlanView(props: PlanViewProps) {
  const { assistantId, name, source, partly, plan, onPlan, onLeave } = props;
  const { t } = useTranslation(["import", "common"]);
  const diff = useMemo(() => toChoose(plan), [plan]);
  const { show, kind, search = "" } = route.useSearch();
  const [chosen, setChosen] = useState(() => firstChoice(diff));
  const [opened, setOpened] = useState<ImportedItem | null>(null);
  const [moved, setMoved] = useState(false);
  const needed = useMemo(() => missing(diff, chosen), [diff, chosen]);
  const shown = useMemo(() => {
    const words = search.toLowerCase();
    return diff.filter(
      (item) =>
        (show === undefined || item.action === show) &&
        (kind === undefined || item.kind === kind) &&
        item.key.toLowerCase().includes(words),
    );
  }, [diff, show, kind, search]);
  const again = async () => {
    const fresh = await imports.preview(assistantId, source, partly);
    setChosen(choiceAgain(diff, chosen, toChoose(fresh)));
    setMoved(true);
    onPlan(fresh);
  };
  const { busy, write } = useWriting(props, chosen, again);
  const choose = (ids: ReadonlySet<string>) =>
    setChosen(new Set(diff.filter((item) => item.allowed && ids.has(idOf(item))).map(idOf)));
  const submit = () => {
    if (chosen.size > 0 && !busy) void write();
  };
  useCommands([
    {
      id: "import:submit",
      label: t("submit", { count: chosen.size }),
      group: t("title"),
      keys: ["Ctrl Enter"],
      inFields: true,
      run: submit,
    },
  ]);
  return (
    <main className={classes["plan"]} id="main" tabIndex={-1}>
      <header className={classes["head"]}>
        <div className={classes["grow"]}>
          <h1>{t("into", { name })}</h1>
          <p className={classes["quiet"]}>
            {t("read", { source: sourceName(source) })}{" "}
            {plan.same > 0 ? t("same", { count: plan.same }) : null} {plan.part ? t("part") : null}
          </p>
        </div>
        <Button variant="default" onClick={onLeave}>
          {t("other")}
        </Button>
      </header>
      {moved ? (
        <p role="alert" className={classes["moved"]}>
          <IconAlertTriangle size={18} stroke={1.75} aria-hidden="true" />
          <span>{t("moved")}</span>
        </p>
      ) : null}
      <Notes plan={plan} />
      {diff.length === 0 ? (
        <StateView
          drawing={<IconHistory size={28} stroke={1.75} />}
          title={t("nothing")}
          sentence={t("nothingText")}
        />
      ) : (
        <>
          <PlanFilters diff={diff} />
          <ItemTable
            assistantId={assistantId}
            rows={shown}
            all={diff}
            chosen={chosen}
            needed={needed}
            onChoose={choose}
            onOpen={setOpened}
          />
          <footer className={classes["foot"]}>
            <IconHistory size={16} stroke={1.75} aria-hidden="true" />
            <span className={classes["quiet"]}>{t("oneStep")}</span>
            <span className={classes["grow"]} />
            <span className={classes["quiet"]}>
              {t("chosen", { count: chosen.size, all: diff.length })}
            </span>
            <Button
              data-autofocus
              loading={busy}
              disabled={chosen.size === 0}
              rightSection={<kbd>Ctrl Enter</kbd>}
              onClick={submit}
            >
              {t("submit", { count: chosen.size })}
            </Button>
          </footer>
        </>
      )}
      {opened ? (
        <ItemDialog
          assistantId={assistantId}
          item={opened}
          chosen={chosen.has(idOf(opened))}
          onTick={() => {
            const next = new Set(chosen);
            if (!next.delete(idOf(opened))) next.add(idOf(opened));
            choose(next);
          }}
          onClose={() => setOpened(null)}
        />
      ) : null}
    </main>
  );
}

/** What was left out, and what the reader stumbled over. */
function Notes({ plan: { errors, report } }: { plan: ImportPlan }) {
  const { t } = useTranslation("import");
  const count = errors.length + report.warnings.length;
  if (count === 0) return null;
  return (
    <details className={classes["notes"]}>
      <summary>
        {errors.length > 0
          ? t("leftOut", { count: errors.length })
          : t("warnings", { count: report.warnings.length })}
      </summary>
      <PlaceList title={t("leftOutTitle")} places={errors.map(placedProblem)} />
      <PlaceList title={t("warningsTitle")} places={report.warnings.map(placedProblem)} />
    </details>
  );
}

/** Writes what is chosen. What somebody changed meanwhile is looked at anew first. */
function useWriting(
  { assistantId, source, partly, plan }: PlanViewProps,
  chosen: ReadonlySet<string>,
  again: () => Promise<void>,
) {
  const { t } = useTranslation("import");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: contentKey(assistantId) });
  const write = async () => {
    setBusy(true);
    const picked = plan.diff.filter((item) => chosen.has(idOf(item)));
    const items = picked.map(({ kind, key }) => ({ kind, key }));
    const everything = !plan.part && items.length === plan.diff.length;
    try {
      const { commit } = await imports.into(assistantId, source, {
        partly,
        expected: plan.digest,
        items: everything ? null : items,
      });
      const takeBack = async (number: number) => {
        // What others wrote since stays; if nobody did, files come back to the last line.
        const newest = await client.fetchInfiniteQuery({
          ...commitsQuery(assistantId),
          staleTime: 0,
        });
        const alone = newest.pages[0]?.results[0]?.number === number;
        await restoreCommit(assistantId, number - 1, alone ? undefined : items);
        await refresh();
      };
      const undo = () => void takeBack(commit?.number ?? 0).catch(toast.refused);
      toast.done(t("done", { count: items.length }), commit ? { undo } : {});
      await navigate({ to: "/assistants/$assistantId/flows", params: { assistantId } });
      await refresh();
    } catch (error) {
      if (isApiError(error, "revision_conflict")) await again().catch(toast.refused);
      else toast.refused(error);
      setBusy(false);
    }
  };
  return { busy, write };
}
