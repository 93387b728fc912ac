import { Skeleton, Tabs } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ResponseItem } from "@/api/types";
import { ConflictCard } from "@/components/content/conflict-card";
import { ItemHistory } from "@/components/content/item-history";
import { SavedState } from "@/components/content/saved-state";
import { useDraftProblems } from "@/components/content/use-draft-problems";
import { useItem } from "@/components/content/use-item";
import { AfterPause } from "@/components/feedback/skeletons";
import { ErrorState, NotFound } from "@/components/feedback/state-views";
import { useSearchChange } from "@/components/table/filter-bar";
import { ContentTab } from "./content-tab";
import { CustomTab } from "./custom-tab";

import { Preview } from "./preview";
import { ResponseHead } from "./response-head";
import classes from "./responses.module.css";
import { useLanguages } from "./use-responses";

const route = getRouteApi("/assistants/$assistantId/responses");
const TABS = ["custom", "history"] as const;

interface ResponseDetailsProps {
  assistantId: string;
  id: string;
  row: ResponseItem | undefined;
}

/** The list beside it is drawn with each key of a search; this is not. */
export const ResponseDetails = memo(function ResponseDetails(props: ResponseDetailsProps) {
  // After a reset the runtime's own words are there anew, at a revision of before.
  const [opened, setOpened] = useState(0);
  return <Opened key={opened} {...props} onReset={() => setOpened(opened + 1)} />;
});

function Opened({ assistantId, id, row, onReset }: ResponseDetailsProps & { onReset: () => void }) {
  const { t } = useTranslation("responses");
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const response = useItem(assistantId, "responses", id);
  const body = response.kind === "open" ? response.body : null;
  const problems = useDraftProblems(assistantId, "response", id, body);
  const { others } = useLanguages(assistantId);
  const second = others.find(({ code }) => code === search.language) ?? others[0];
  if (response.kind === "failed")
    return <ErrorState error={response.error} onRetry={response.retry} />;
  if (response.kind === "missing") return <NotFound />;
  if (response.kind === "loading")
    return (
      <AfterPause>
        <div className={classes["loading"]} role="status" aria-label={t("loading")}>
          <Skeleton width={220} height={22} animate={false} />
          <Skeleton height={36} animate={false} />
          <Skeleton height={36} animate={false} />
        </div>
      </AfterPause>
    );
  const { change, save, decide } = response;
  return (
    <>
      <ResponseHead
        assistantId={assistantId}
        id={id}
        row={row}
        body={response.body}
        onChange={change}
        onReset={onReset}
      />
      <Tabs
        className={classes["tabs"]}
        value={search.tab ?? "content"}
        keepMounted={false}
        onChange={(value) => set({ tab: TABS.find((each) => each === value) })}
      >
        <Tabs.List aria-label={t("parts")}>
          <Tabs.Tab value="content">{t("tabs.content")}</Tabs.Tab>
          <Tabs.Tab value="custom">{t("tabs.custom")}</Tabs.Tab>
          <Tabs.Tab value="history">{t("tabs.history")}</Tabs.Tab>
        </Tabs.List>
        {save.conflict ? (
          <div className={classes["conflict"]}>
            <ConflictCard conflict={save.conflict} onDecide={decide} />
          </div>
        ) : null}
        <Tabs.Panel value="content" className={classes["panel"]}>
          <ContentTab
            id={id}
            body={response.body}
            problems={problems}
            second={second}
            onChange={change}
          />
        </Tabs.Panel>
        <Tabs.Panel value="custom" className={classes["panel"]}>
          <CustomTab body={response.body} problems={problems} onChange={change} />
        </Tabs.Panel>
        <Tabs.Panel value="history" className={classes["panel"]}>
          <ItemHistory assistantId={assistantId} kind="response" id={id} />
        </Tabs.Panel>
      </Tabs>
      <footer className={classes["foot"]}>
        <Preview body={response.body} second={second} />
        <SavedState save={save} />
      </footer>
    </>
  );
}
