import { Button, SegmentedControl } from "@mantine/core";
import {
  IconAlertCircle,
  IconCircleCheck,
  IconCircleDashed,
  IconCircleX,
  IconLoader2,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlus,
  IconSchool,
} from "@tabler/icons-react";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useContent } from "@/components/content/content-context";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches } from "@/components/feedback/state-views";
import { IconButton } from "@/components/icon-button";
import { ItemList } from "@/components/layout/item-list";
import { useSearchChange } from "@/components/table/filter-bar";
import { SearchField } from "@/components/table/search-field";
import { humanise } from "@/lib/humanise";
import type { Outcome, Row } from "./outcomes";
import classes from "./tests.module.css";
import type { useTests } from "./use-tests";

const route = getRouteApi("/assistants/$assistantId/tests");

interface TestListProps {
  tests: ReturnType<typeof useTests>;
  chosen: string | undefined;
  mayRun: boolean;
  /** How many tests a run takes. */
  count: number;
  onChoose: (id: string) => void;
  onRun: () => void;
  onNew: () => void;
}

export function TestList(props: TestListProps) {
  const { tests, chosen, mayRun, count, onChoose, onRun, onNew } = props;
  const { list, rows, shown, isRunning, stop, run, against } = tests;
  const { t } = useTranslation("tests");
  const { readOnly } = useContent();
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const failing = (rows ?? []).filter(
    ({ outcome }) => outcome === "failed" || outcome === "broken",
  );
  return (
    <>
      <div className={classes["bar"]}>
        <h2>{t("title")}</h2>
        <IconButton label={t("new")} keyHint="c" disabled={readOnly} onClick={onNew}>
          <IconPlus size={18} stroke={1.75} />
        </IconButton>
        {isRunning ? (
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
            disabled={!mayRun || !against || count === 0}
            onClick={onRun}
          >
            {t("runCount", { count })}
          </Button>
        )}
      </div>
      <div className={classes["filters"]}>
        <SegmentedControl
          aria-label={t("show.label")}
          value={search.show ?? "all"}
          onChange={(value) => set({ show: value === "failed" ? "failed" : undefined })}
          data={[
            { value: "all", label: t("show.all", { count: rows?.length ?? 0 }) },
            { value: "failed", label: t("show.failed", { count: failing.length }) },
          ]}
        />
        <SearchField
          label={t("search")}
          group={t("title")}
          value={search.search}
          onChange={(value) => set({ search: value })}
        />
      </div>
      <State tests={tests} />
      {list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !rows ? (
        <AfterPause>
          <ListSkeleton />
        </AfterPause>
      ) : rows.length === 0 ? null : shown.length === 0 ? (
        <NothingMatches title={t("nothing")} />
      ) : (
        <ItemList
          label={t("title")}
          rows={shown}
          rowId={(row) => row.id}
          chosen={chosen}
          onChoose={(row) => onChoose(row.id)}
          onEnter={() => document.getElementById("main")?.focus()}
        >
          {(row) => <ListRow row={row} />}
        </ItemList>
      )}
    </>
  );
}

const ListRow = memo(function ListRow({ row }: { row: Row }) {
  const { t, i18n } = useTranslation("tests");
  const { milliseconds: took } = row;
  const rounded = (value: number, digits: number) =>
    value.toLocaleString(i18n.language, { maximumFractionDigits: digits });
  const time =
    took === null
      ? ""
      : took < SECOND_MS
        ? t("milliseconds", { milliseconds: rounded(took, 0) })
        : t("seconds", { seconds: rounded(took / SECOND_MS, 1) });
  return (
    <div className={classes["row"]}>
      <OutcomeIcon outcome={row.outcome} />
      <div className={classes["lines"]}>
        <b>{row.name}</b>
        <span>{row.problem ?? (row.flow ? humanise(row.flow) : row.path)}</span>
      </div>
      <span className="visually-hidden">{t(`state.${row.outcome}`)}</span>
      <span className={classes["time"]}>{time}</span>
    </div>
  );
});

const SECOND_MS = 1000;

const ICONS = {
  none: IconCircleDashed,
  running: IconLoader2,
  passed: IconCircleCheck,
  failed: IconCircleX,
  broken: IconAlertCircle,
};

export function OutcomeIcon({ outcome }: { outcome: Outcome }) {
  const Icon = ICONS[outcome];
  return (
    <Icon
      className={classes["icon"]}
      data-outcome={outcome}
      size={18}
      stroke={1.75}
      aria-hidden="true"
    />
  );
}

/** What is run against, how the newest run went, or what has to be done before the first. */
function State({ tests }: { tests: ReturnType<typeof useTests> }) {
  const { assistant, state, against, run, rows } = tests;
  const { t } = useTranslation("tests");
  const navigate = useNavigate({ from: "/assistants/$assistantId/tests" });
  const result = run.data?.result;
  if (run.data?.problem)
    return (
      <p className={classes["problem"]} role="alert">
        {run.data.problem}
      </p>
    );
  if (assistant && !against && rows && rows.length > 0)
    return (
      <p className={classes["state"]}>
        <span>{state === "busy" ? t("soon") : t("untrained")}</span>
        {state === "busy" ? null : (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconSchool size={16} stroke={1.75} />}
            onClick={() =>
              void navigate({ search: (previous) => ({ ...previous, train: 1 }), replace: true })
            }
          >
            {t("train")}
          </Button>
        )}
      </p>
    );
  if (!against || rows?.length === 0) return null;
  return (
    <p className={classes["state"]} role="status">
      <span>{t("against", { number: against.number })}</span>
      <b>
        {run.data?.status === "running"
          ? t("running")
          : result
            ? t("summary", { passed: result.passed, all: result.passed + result.failed })
            : null}
      </b>
    </p>
  );
}
