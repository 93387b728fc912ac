import { IconPlus } from "@tabler/icons-react";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  closePairsQuery,
  type Entity,
  entitiesQuery,
  type Intent,
  intentsQuery,
  type WordList,
  wordListsQuery,
} from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches } from "@/components/feedback/state-views";
import { IconButton } from "@/components/icon-button";
import { ItemList } from "@/components/layout/item-list";
import { StateDot } from "@/components/state-badge";
import { useSearchChange } from "@/components/table/filter-bar";
import { SearchField } from "@/components/table/search-field";
import { useCommands } from "@/lib/commands/use-commands";
import type { UnderstandingKind } from "./address";
import { focusExamples } from "./focus";
import { NewName } from "./new-name";
import { StartedFlows } from "./started-flows";
import classes from "./understanding.module.css";
import { useKeptPairs } from "./use-kept-pairs";

const route = getRouteApi("/assistants/$assistantId/understanding");

interface TaughtListProps {
  kind: UnderstandingKind;
  chosen: string | undefined;
  onChoose: (name: string) => void;
}

/** Intents and the flows that they start, entities, or lists of words. */
export function TaughtList({ kind, chosen, onChoose }: TaughtListProps) {
  const { assistantId } = useContent();
  const intents = useQuery(intentsQuery(assistantId));
  const entities = useQuery(entitiesQuery(assistantId));
  const lists = useQuery(wordListsQuery(assistantId));
  const { t } = useTranslation("understanding");
  const shared = { kind, chosen, onChoose };
  if (kind === "entities")
    return (
      <Rows {...shared} query={entities} textOf={({ id, roles }) => [id, ...roles].join(" ")}>
        {(entity) => <Row name={entity.id} count={entity.mark_count} />}
      </Rows>
    );
  if (kind === "lists")
    return (
      <Rows {...shared} query={lists} textOf={({ id, first }) => [id, ...first].join(" ")}>
        {(list) => (
          <Row name={list.name} hint={t(`kinds.${list.kind}`)} count={list.count}>
            {list.problems.length > 0 ? (
              <span title={list.problems.join("\n")}>
                <StateDot tone="warn" />
              </span>
            ) : null}
          </Row>
        )}
      </Rows>
    );
  return (
    <>
      <IntentRows {...shared} query={intents} />
      <StartedFlows intents={intents.data ?? []} onChoose={onChoose} />
    </>
  );
}

function IntentRows(props: TaughtListProps & { query: UseQueryResult<Intent[]> }) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const pairs = useQuery(closePairsQuery(assistantId)).data;
  const { isKept } = useKeptPairs(assistantId);
  const open = (pairs ?? []).filter((pair) => !isKept(pair));
  const close = new Set(open.flatMap(({ here, there }) => [here.intent, there.intent]));
  return (
    <Rows {...props} textOf={({ id }) => id}>
      {(intent) => (
        <Row name={intent.id} count={intent.example_count}>
          {close.has(intent.id) ? (
            <span title={t("closeToOthers")}>
              <StateDot tone="warn" />
            </span>
          ) : null}
        </Row>
      )}
    </Rows>
  );
}

interface RowsProps<Item> extends TaughtListProps {
  query: UseQueryResult<Item[]>;
  textOf: (row: Item) => string;
  children: (row: Item) => ReactNode;
}

const ROW_HEIGHT = 34;

function Rows<Item extends Intent | Entity | WordList>(props: RowsProps<Item>) {
  const { kind, query, chosen, onChoose, textOf, children } = props;
  const { t } = useTranslation("understanding");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const { readOnly } = useContent();
  const [making, setMaking] = useState(false);
  const words = (search.search ?? "").toLowerCase();
  const rows = (query.data ?? []).filter((row) => textOf(row).toLowerCase().includes(words));
  useCommands(
    readOnly
      ? []
      : [
          {
            id: "understanding:new",
            label: t(`new.${kind}`),
            group: t("title"),
            keys: ["n"],
            run: () => setMaking(true),
          },
        ],
  );
  return (
    <>
      <div className={classes["bar"]}>
        <SearchField
          label={t(`search.${kind}`)}
          group={t("title")}
          value={search.search}
          onChange={(value) => set({ search: value })}
        />
      </div>
      <div className={classes["counts"]}>
        <span>{t(`counts.${kind}`, { count: rows.length, examples: examplesOf(rows) })}</span>
        {readOnly ? null : (
          <IconButton
            size={28}
            label={t(`new.${kind}`)}
            keyHint="n"
            onClick={() => setMaking(true)}
          >
            <IconPlus size={16} stroke={1.75} />
          </IconButton>
        )}
      </div>
      {making ? (
        <NewName
          kind={kind}
          taken={(query.data ?? []).map(({ id }) => id)}
          onDone={(name) => {
            setMaking(false);
            if (name) onChoose(name);
          }}
        />
      ) : null}
      {query.error ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : !query.data ? (
        <AfterPause>
          <ListSkeleton />
        </AfterPause>
      ) : rows.length === 0 ? (
        words ? (
          <NothingMatches title={t("noMatch")} />
        ) : null
      ) : (
        <ItemList
          label={t(kind)}
          rows={rows}
          rowHeight={ROW_HEIGHT}
          rowId={(row) => row.id}
          chosen={chosen}
          onChoose={(row) => onChoose(row.id)}
          onEnter={focusExamples}
        >
          {children}
        </ItemList>
      )}
    </>
  );
}

function examplesOf(rows: readonly (Intent | Entity | WordList)[]): number {
  return rows.reduce((sum, row) => sum + ("example_count" in row ? row.example_count : 0), 0);
}

interface RowProps {
  name: string;
  hint?: string;
  count: number;
  children?: ReactNode;
}

function Row({ name, hint, count, children }: RowProps) {
  return (
    <div className={classes["row"]}>
      <code>{name}</code>
      {hint ? <small>{hint}</small> : null}
      <span className={classes["grow"]} />
      {children}
      <span className={classes["number"]}>{count}</span>
    </div>
  );
}
