import { Button, SegmentedControl } from "@mantine/core";
import {
  IconChecklist,
  IconPlayerPlay,
  IconPlayerStop,
  IconSchool,
  IconSunrise,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { usePermission } from "@/api/me";
import { type TestRun, testFilesQuery } from "@/api/tests";
import type { Assistant } from "@/api/types";
import { versions } from "@/api/versions";
import { assistantState } from "@/components/assistant-state";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches, StateView } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { Page, PageFrame } from "@/components/layout/page-frame";
import { StateBadge } from "@/components/state-badge";
import { FilterBar, useSearchChange } from "@/components/table/filter-bar";
import { SearchField } from "@/components/table/search-field";
import { CoverageCard } from "./coverage-card";
import { FileCard } from "./file-card";
import { groupsOf } from "./outcomes";
import classes from "./tests.module.css";
import { useRun } from "./use-run";

const route = getRouteApi("/assistants/$assistantId/tests");
const EVERYTHING = ".";

type Run = ((path: string) => void) | null;

export function TestsPage() {
  const { t } = useTranslation("tests");
  const { assistantId } = route.useParams();
  const mayRun = usePermission("assistant.try");
  const assistant = useQuery(assistantQuery(assistantId));
  const ready = assistant.data?.ready_version ?? null;
  const { run, start, stop, isRunning } = useRun(assistantId, ready?.id ?? null);
  const runPath: Run = mayRun && ready && !isRunning ? (path) => start.mutate(path) : null;
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <Page
        title={t("title")}
        sentence={t("sentence")}
        actions={
          isRunning ? (
            <Button
              variant="default"
              leftSection={<IconPlayerStop size={18} stroke={1.75} />}
              disabled={!run.data}
              onClick={() => stop.mutate()}
            >
              {t("stop")}
            </Button>
          ) : (
            <Button
              leftSection={<IconPlayerPlay size={18} stroke={1.75} />}
              disabled={!runPath}
              onClick={() => runPath?.(EVERYTHING)}
            >
              {t("runAll")}
            </Button>
          )
        }
      >
        <Filters run={run.data} number={ready?.number} />
        {assistant.data && !ready ? <NotReady assistant={assistant.data} /> : null}
        {start.error ? (
          <ErrorState error={start.error} onRetry={() => start.mutate(start.variables)} />
        ) : null}
        {run.data?.problem ? (
          <p className={classes["problem"]} role="alert">
            {run.data.problem}
          </p>
        ) : null}
        <Files assistantId={assistantId} state={run.data} run={runPath} />
        {run.data?.result ? (
          <CoverageCard assistantId={assistantId} coverage={run.data.result.coverage} />
        ) : null}
      </Page>
    </PageFrame>
  );
}

interface FilesProps {
  assistantId: string;
  state: TestRun | undefined;
  run: Run;
}

function Files({ assistantId, state, run }: FilesProps) {
  const { t } = useTranslation("tests");
  const { search, show, path } = route.useSearch();
  const files = useQuery(testFilesQuery(assistantId));
  if (files.error) return <ErrorState error={files.error} onRetry={() => void files.refetch()} />;
  if (!files.data)
    return (
      <AfterPause>
        <ListSkeleton />
      </AfterPause>
    );
  if (files.data.length === 0)
    return (
      <StateView
        drawing={<IconChecklist size={28} stroke={1.75} />}
        title={t("empty.title")}
        sentence={t("empty.sentence")}
      />
    );
  const groups = groupsOf(files.data, state, path, { words: search, show });
  if (groups.length === 0) return <NothingMatches title={t("nothing")} />;
  return groups.map((group) => <FileCard key={group.file.path} group={group} run={run} />);
}

function Filters({ run, number }: { run: TestRun | undefined; number: number | undefined }) {
  const { t } = useTranslation("tests");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  return (
    <FilterBar end={<RunSummary run={run} number={number} />}>
      <SegmentedControl
        aria-label={t("show.label")}
        value={search.show ?? "all"}
        onChange={(value) =>
          set({ show: value === "failed" || value === "passed" ? value : undefined })
        }
        data={(["all", "failed", "passed"] as const).map((value) => ({
          value,
          label: t(`show.${value}`),
        }))}
      />
      <SearchField
        label={t("search")}
        group={t("title")}
        width={220}
        value={search.search}
        onChange={(value) => set({ search: value })}
      />
    </FilterBar>
  );
}

function RunSummary({ run, number }: { run: TestRun | undefined; number: number | undefined }) {
  const { t } = useTranslation("tests");
  const result = run?.result;
  return (
    <span className={classes["summary"]} role="status">
      {number === undefined ? null : <span>{t("against", { number })}</span>}
      {run?.status === "running" ? <StateBadge tone="info">{t("running")}</StateBadge> : null}
      {result ? (
        <StateBadge tone={result.failed > 0 ? "err" : "ok"}>
          {t("summary", { passed: result.passed, all: result.passed + result.failed })}
        </StateBadge>
      ) : null}
    </span>
  );
}

/** Tests need a version that runs: the way to one. */
function NotReady({ assistant }: { assistant: Assistant }) {
  const { t } = useTranslation("tests");
  const client = useQueryClient();
  const navigate = useNavigate({ from: "/assistants/$assistantId/tests" });
  const state = assistantState(assistant);
  const rests = state === "asleep" || state === "ended" ? assistant.latest_version : null;
  const wake = useMutation({
    mutationFn: (version: string) => versions.wake(assistant.id, version),
    onSuccess: () => client.invalidateQueries({ queryKey: ["assistant", assistant.id] }),
    onError: (error) => toast.failed(error.message),
  });
  if (state === "busy") return <p className={classes["hint"]}>{t("soon")}</p>;
  return (
    <p className={classes["hint"]}>
      {rests ? t("resting", { number: rests.number }) : t("untrained")}{" "}
      <Button
        size="xs"
        variant="default"
        loading={wake.isPending}
        leftSection={
          rests ? <IconSunrise size={16} stroke={1.75} /> : <IconSchool size={16} stroke={1.75} />
        }
        onClick={() =>
          rests
            ? wake.mutate(rests.id)
            : void navigate({ search: (previous) => ({ ...previous, train: 1 }), replace: true })
        }
      >
        {t(state === "ended" ? "startAgain" : rests ? "wake" : "train")}
      </Button>
    </p>
  );
}
