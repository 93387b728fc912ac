import { Tabs, Textarea } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { content } from "@/api/content";
import { understandingKey, wordListsQuery } from "@/api/understanding";
import { ConflictCard } from "@/components/content/conflict-card";
import { useContent } from "@/components/content/content-context";
import { ItemHistory } from "@/components/content/item-history";
import { SavedState } from "@/components/content/saved-state";
import { useItem } from "@/components/content/use-item";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { useSearchChange } from "@/components/table/filter-bar";
import type { JsonObject } from "@/flow-core/json";
import { DetailsHead } from "./details-head";
import classes from "./understanding.module.css";
import type { DetailsProps } from "./understanding-page";
import { linesOf, withLines } from "./word-lines";

const route = getRouteApi("/assistants/$assistantId/understanding");

/** Synonyms of a value, a look-up or patterns: a line for each. */
export function WordListDetails({ id, onBack, onChoose, list }: DetailsProps) {
  const { t } = useTranslation("understanding");
  const { assistantId } = useContent();
  const client = useQueryClient();
  const { tab } = route.useSearch();
  const set = useSearchChange<{ tab?: "history" | undefined }>();
  const item = useItem(assistantId, "word-lists", id);
  const row = useQuery(wordListsQuery(assistantId)).data?.find((each) => each.id === id);
  if (item.kind === "failed") return <ErrorState error={item.error} onRetry={item.retry} />;
  if (item.kind === "missing") return <NothingMatches title={t("listGone", { name: id })} />;
  if (item.kind === "loading" || !row)
    return (
      <AfterPause>
        <ListSkeleton />
      </AfterPause>
    );
  const refresh = () => client.invalidateQueries({ queryKey: understandingKey(assistantId) });
  const remove = async () => {
    try {
      const rows = await client.fetchQuery({ ...wordListsQuery(assistantId), staleTime: 0 });
      const revision = rows.find((each) => each.id === id)?.revision ?? row.revision;
      await content.delete(assistantId, "word-lists", id, revision);
      const back = () =>
        content
          .restore(assistantId, "word-lists", id)
          .then(refresh)
          .then(() => onChoose(id))
          .catch(toast.refused);
      toast.done(t("deleted", { name: row.name }), { undo: () => void back() });
      onChoose(undefined);
      await refresh();
    } catch (error) {
      toast.refused(error);
    }
  };
  return (
    <>
      <DetailsHead
        title={row.name}
        about={<p className={classes["quiet"]}>{t(`about.${row.kind}`, { name: row.name })}</p>}
        list={list}
        onBack={onBack}
        actions={<SavedState save={item.save} />}
        remove={{ label: t("delete"), run: () => void remove() }}
      />
      <Tabs
        value={tab === "history" ? "history" : "words"}
        className={classes["tabs"]}
        onChange={(value) => set({ tab: value === "history" ? "history" : undefined })}
      >
        <Tabs.List aria-label={row.name}>
          <Tabs.Tab value="words">{t(`lines.${row.kind}`)}</Tabs.Tab>
          <Tabs.Tab value="history">{t("history")}</Tabs.Tab>
        </Tabs.List>
      </Tabs>
      <div className={classes["body"]}>
        {tab === "history" ? (
          <ItemHistory assistantId={assistantId} kind="nlu" id={id} />
        ) : (
          <div className={classes["form"]}>
            {item.save.conflict ? (
              <ConflictCard conflict={item.save.conflict} onDecide={item.decide} />
            ) : null}
            <Lines
              label={t(`lines.${row.kind}`)}
              body={item.body}
              onChange={(body) => item.change(body)}
            />
            {row.problems.map((problem) => (
              <p key={problem} className={classes["problem"]}>
                {problem}
              </p>
            ))}
          </div>
        )}
      </div>
    </>
  );
}

interface LinesProps {
  label: string;
  body: JsonObject;
  onChange: (body: JsonObject) => void;
}

function Lines({ label, body, onChange }: LinesProps) {
  const { t } = useTranslation("understanding");
  const { readOnly } = useContent();
  const stored = linesOf(body).join("\n");
  // Empty lines are there while somebody types, and are not kept.
  const [typed, setTyped] = useState(stored);
  const shown = sameLines(typed, stored) ? typed : stored;
  return (
    <Textarea
      label={label}
      description={t("oneEach")}
      autosize
      minRows={8}
      value={shown}
      readOnly={readOnly}
      classNames={{ input: classes["lines"] }}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(withLines(body, event.currentTarget.value.split("\n")));
      }}
    />
  );
}

function sameLines(one: string, other: string): boolean {
  const told = (text: string) =>
    text
      .split("\n")
      .map((line) => line.trim())
      .filter(Boolean)
      .join("\n");
  return told(one) === told(other);
}
