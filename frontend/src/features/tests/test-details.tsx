import { SegmentedControl } from "@mantine/core";
import { IconCode, IconMessage2 } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { TESTS, yamlId } from "@/api/tests";
import type { JsonObject } from "@/api/types";
import { ConflictCard } from "@/components/content/conflict-card";
import { useContent } from "@/components/content/content-context";
import { useItem } from "@/components/content/use-item";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { useSearchChange } from "@/components/table/filter-bar";
import { useCommands } from "@/lib/commands/use-commands";
import type { Row } from "./outcomes";
import type { Remembered } from "./results";
import { failedAt } from "./talk";
import { TalkView } from "./talk-view";
import { TestHead } from "./test-head";
import { TestYaml } from "./test-yaml";
import classes from "./tests.module.css";
import type { useTestCommands } from "./use-test-commands";

const route = getRouteApi("/assistants/$assistantId/tests");

export interface TestDetailsProps {
  row: Row;
  remembered: Remembered | undefined;
  rows: readonly Row[];
  results: ReadonlyMap<string, Remembered>;
  mayRun: boolean;
  run: (path: string) => void;
  commands: ReturnType<typeof useTestCommands>;
}

/** One test: as a talk that is edited in place, or as its YAML. */
export function TestDetails(props: TestDetailsProps) {
  const { row, mayRun, run } = props;
  const { t } = useTranslation("tests");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const asYaml = search.as === "yaml";
  useCommands([
    {
      id: "tests:yaml",
      label: t("toggleYaml"),
      group: t("title"),
      keys: ["y"],
      run: () => set({ as: asYaml ? undefined : "yaml" }),
    },
    ...(mayRun
      ? [
          {
            id: "tests:run",
            label: t("runOne"),
            group: t("title"),
            keys: ["r"],
            run: () => run(row.id),
          },
        ]
      : []),
  ]);
  const form = (
    <SegmentedControl
      aria-label={t("form.label")}
      value={asYaml ? "yaml" : "talk"}
      onChange={(value) => set({ as: value === "yaml" ? "yaml" : undefined })}
      data={[
        { value: "talk", label: <FormLabel icon={IconMessage2} label={t("form.talk")} /> },
        { value: "yaml", label: <FormLabel icon={IconCode} label={t("form.yaml")} /> },
      ]}
    />
  );
  return asYaml ? <AsYaml {...props} form={form} /> : <AsTalk {...props} form={form} />;
}

function FormLabel({ icon: Icon, label }: { icon: typeof IconCode; label: string }) {
  return (
    <span className={classes["formLabel"]}>
      <Icon size={16} stroke={1.75} aria-hidden="true" /> {label}
    </span>
  );
}

interface FormProps extends TestDetailsProps {
  form: ReactNode;
}

function AsTalk({ form, ...props }: FormProps) {
  const { row, remembered, rows, results, commands } = props;
  const { t } = useTranslation("tests");
  const { assistantId, readOnly } = useContent();
  const item = useItem(assistantId, TESTS, row.id);
  const body = item.kind === "open" ? (item.body as JsonObject) : null;
  const failure = remembered?.result.failure ?? null;
  const at = body && failure ? failedAt(body, failure) : null;
  // Tests that expected the same and got something else: one decision for all of them.
  const alike = !failure
    ? []
    : rows.filter(({ id }) => {
        const other = results.get(id);
        const { assertion, expected } = other?.result.failure ?? {};
        return (
          other?.run === remembered?.run &&
          assertion === failure.assertion &&
          JSON.stringify(expected) === JSON.stringify(failure.expected)
        );
      });
  const accept = (all: boolean) => {
    if (!remembered) return;
    const ids = all ? alike.map(({ id }) => id) : [row.id];
    void commands.accept(remembered.version, remembered.run, ids, all ? "." : row.id);
  };
  useCommands(
    at && !readOnly
      ? [
          {
            id: "tests:accept",
            label: t("accept"),
            group: t("title"),
            keys: ["a"],
            run: () => accept(false),
          },
        ]
      : [],
  );
  return (
    <>
      <TestHead {...props} form={form} save={item.kind === "open" ? item.save : null} />
      <div className={classes["talk"]}>
        {item.kind === "open" && item.save.conflict ? (
          <ConflictCard conflict={item.save.conflict} onDecide={item.decide} />
        ) : null}
        {item.kind === "failed" ? (
          <ErrorState error={item.error} onRetry={item.retry} />
        ) : item.kind === "open" && body ? (
          <TalkView
            body={body}
            change={item.change}
            result={remembered?.result ?? null}
            failedAt={at}
            alike={alike.length}
            onAccept={accept}
          />
        ) : (
          <ListSkeleton />
        )}
      </div>
    </>
  );
}

function AsYaml({ form, ...props }: FormProps) {
  const { assistantId } = useContent();
  const item = useItem(assistantId, TESTS, yamlId(props.row.id));
  return (
    <>
      <TestHead {...props} form={form} save={null} />
      {item.kind === "failed" ? (
        <ErrorState error={item.error} onRetry={item.retry} />
      ) : item.kind === "open" ? (
        <TestYaml
          id={props.row.id}
          text={String(item.body)}
          change={item.change}
          save={item.save}
          decide={item.decide}
        />
      ) : (
        <ListSkeleton />
      )}
    </>
  );
}
