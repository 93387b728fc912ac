import { Button } from "@mantine/core";
import { IconChecklist, IconMessageChatbot } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { usePermission } from "@/api/me";
import { ContentContext, useContent } from "@/components/content/content-context";
import { useSources } from "@/components/content/use-sources";
import { StateView } from "@/components/feedback/state-views";
import { Columns } from "@/components/layout/columns";
import { PageFrame } from "@/components/layout/page-frame";
import { ButtonLink } from "@/components/links";
import { useSearchChange } from "@/components/table/filter-bar";
import { useCommands } from "@/lib/commands/use-commands";
import { useNarrow } from "@/lib/text-scale";
import { BrokenTest } from "./broken-test";
import { CoverageSide } from "./coverage-side";
import { NewTest } from "./new-test";
import { isChosen, type Row } from "./outcomes";
import { TestDetails } from "./test-details";
import { TestList } from "./test-list";
import { useTestCommands } from "./use-test-commands";
import { useTests } from "./use-tests";

const route = getRouteApi("/assistants/$assistantId/tests");
const EVERYTHING = ".";

/** The end-to-end tests: found, run, read as talks, written and accepted in one place. */
export function TestsPage() {
  const { t } = useTranslation("tests");
  const { assistantId } = route.useParams();
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const readOnly = !usePermission("content.edit");
  const mayTry = usePermission("assistant.try");
  const sources = useSources(assistantId);
  const narrow = useNarrow();
  const here = useMemo(
    () => ({ assistantId, readOnly, sources }),
    [assistantId, readOnly, sources],
  );
  const tests = useTests(assistantId);
  const { assistant, against, rows, shown, start, isRunning, memory } = tests;
  const mayRun = mayTry && against !== null && !isRunning;
  const run = (path: string) => {
    if (mayRun) start.mutate(path);
  };
  const commands = useTestCommands(assistantId, run);
  const chosen = search.new ? undefined : (search.test ?? shown[0]?.id);
  const path = pathOf(shown, rows?.length ?? 0);
  const count = runnable(rows ?? [], path);
  const nextFailing = () => {
    const next = failingAfter(rows ?? [], chosen);
    if (next) commands.open(next.id);
  };
  const group = t("title");
  const begin = () => set({ new: 1 });
  useCommands([
    { id: "tests:runShown", label: t("runShown"), group, keys: ["Shift R"], run: () => run(path) },
    { id: "tests:next", label: t("nextFailing"), group, keys: ["n"], run: nextFailing },
    ...(readOnly ? [] : [{ id: "tests:new", label: t("new"), group, keys: ["c"], run: begin }]),
  ]);
  return (
    <PageFrame
      crumbs={[{ label: assistant?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <ContentContext value={here}>
        <Columns
          label={t("list")}
          chosen={search.test !== undefined || search.new === 1}
          list={
            <TestList
              tests={tests}
              chosen={chosen}
              mayRun={mayTry}
              count={count}
              onChoose={commands.open}
              onRun={() => run(path)}
              onNew={begin}
            />
          }
          side={
            narrow || rows?.length === 0 ? null : (
              <CoverageSide assistantId={assistantId} memory={memory} />
            )
          }
        >
          <Open {...{ assistantId, tests, chosen, mayRun, run, commands }} />
        </Columns>
      </ContentContext>
    </PageFrame>
  );
}

/** One run takes everything, a file or a test: of the shown ones, what has them all. */
function pathOf(shown: readonly Row[], all: number): string {
  const [first, ...others] = shown;
  if (!first || shown.length === all) return EVERYTHING;
  if (others.length === 0) return first.id;
  return others.every(({ path }) => path === first.path) ? first.path : EVERYTHING;
}

const runnable = (rows: readonly Row[], wanted: string): number =>
  rows.filter(({ path, name, outcome }) => outcome !== "broken" && isChosen(path, name, wanted))
    .length;

function failingAfter(rows: readonly Row[], chosen: string | undefined): Row | undefined {
  const place = rows.findIndex(({ id }) => id === chosen);
  const isFailing = ({ outcome }: Row) => outcome === "failed";
  return rows.slice(place + 1).find(isFailing) ?? rows.find(isFailing);
}

interface OpenProps {
  assistantId: string;
  tests: ReturnType<typeof useTests>;
  chosen: string | undefined;
  mayRun: boolean;
  run: (path: string) => void;
  commands: ReturnType<typeof useTestCommands>;
}

/** What the middle shows: a new test, the open one, or why there is none. */
function Open({ assistantId, tests, chosen, mayRun, run, commands }: OpenProps) {
  const { t } = useTranslation("tests");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const { rows, memory } = tests;
  const row = rows?.find(({ id }) => id === chosen);
  if (!rows) return null;
  if (search.new)
    return (
      <NewTest
        paths={[...new Set(rows.map(({ path }) => path))]}
        onBack={() => set({ new: undefined })}
        create={commands.create}
      />
    );
  if (row?.outcome === "broken")
    return (
      <BrokenTest assistantId={assistantId} row={row} onBack={() => commands.open(undefined)} />
    );
  if (row)
    return (
      <TestDetails
        key={row.id}
        row={row}
        remembered={memory.results.get(row.id)}
        rows={rows}
        results={memory.results}
        mayRun={mayRun}
        run={run}
        commands={commands}
      />
    );
  if (rows.length === 0) return <NoTests assistantId={assistantId} onNew={() => set({ new: 1 })} />;
  if (search.test === undefined) return null;
  return (
    <StateView
      drawing={<IconChecklist size={28} stroke={1.75} />}
      title={t("gone.title")}
      sentence={t("gone.sentence", { name: search.test })}
    />
  );
}

function NoTests({ assistantId, onNew }: { assistantId: string; onNew: () => void }) {
  const { t } = useTranslation("tests");
  const { readOnly } = useContent();
  return (
    <StateView
      drawing={<IconChecklist size={28} stroke={1.75} />}
      title={t("empty.title")}
      sentence={t("empty.sentence")}
      actions={
        <>
          <ButtonLink
            to="/assistants/$assistantId/try"
            params={{ assistantId }}
            leftSection={<IconMessageChatbot size={18} stroke={1.75} />}
          >
            {t("empty.talk")}
          </ButtonLink>
          <Button variant="default" disabled={readOnly} onClick={onNew}>
            {t("new")}
          </Button>
        </>
      }
    />
  );
}
