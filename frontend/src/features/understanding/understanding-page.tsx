import { Tabs } from "@mantine/core";
import { IconBulb } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { usePermission } from "@/api/me";
import { entitiesQuery, intentsQuery, wordListsQuery } from "@/api/understanding";
import { ContentContext } from "@/components/content/content-context";
import { useSources } from "@/components/content/use-sources";
import { StateView } from "@/components/feedback/state-views";
import { Columns } from "@/components/layout/columns";
import { PageFrame } from "@/components/layout/page-frame";
import { useSearchChange } from "@/components/table/filter-bar";
import type { UnderstandingKind } from "./address";
import { EntityDetails } from "./entity-details";
import { IntentDetails } from "./intent-details";
import { NoIntents } from "./no-intents";
import { RightColumn } from "./right-column";
import { TaughtList } from "./taught-list";
import classes from "./understanding.module.css";
import { WordListDetails } from "./word-list-details";

const route = getRouteApi("/assistants/$assistantId/understanding");

/** What the assistant is taught to understand, and what it would make of a sentence. */
export function UnderstandingPage() {
  const { t } = useTranslation("understanding");
  const { assistantId } = route.useParams();
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const assistant = useQuery(assistantQuery(assistantId));
  const intents = useQuery(intentsQuery(assistantId));
  const entities = useQuery(entitiesQuery(assistantId));
  const lists = useQuery(wordListsQuery(assistantId));
  const sources = useSources(assistantId);
  const readOnly = !usePermission("content.edit");
  const here = useMemo(
    () => ({ assistantId, readOnly, sources }),
    [assistantId, readOnly, sources],
  );
  const kind: UnderstandingKind = search.kind ?? "intents";
  const query = { intents, entities, lists }[kind];
  const chosen = search.name ?? query.data?.[0]?.id;
  const choose = (name: string | undefined) => set({ name, tab: undefined });
  const counts = {
    intents: intents.data?.length,
    entities: entities.data?.length,
    lists: lists.data?.length,
  };
  const list = (
    <>
      <Tabs
        value={kind}
        className={classes["tabs"]}
        onChange={(value) =>
          set({
            kind: value === "entities" || value === "lists" ? value : undefined,
            name: undefined,
            tab: undefined,
            search: undefined,
          })
        }
      >
        <Tabs.List aria-label={t("title")}>
          {(["intents", "entities", "lists"] as const).map((each) => (
            <Tabs.Tab key={each} value={each} rightSection={<small>{counts[each]}</small>}>
              {t(each)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </Tabs>
      <TaughtList kind={kind} chosen={chosen} onChoose={choose} />
    </>
  );
  const shared = { onBack: () => choose(undefined), onChoose: choose, list };
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <ContentContext value={here}>
        <Columns
          label={t("title")}
          narrow
          keeps="side"
          chosen={search.name !== undefined}
          list={list}
          side={<RightColumn intent={kind === "intents" ? chosen : undefined} />}
        >
          {chosen === undefined ? (
            query.data ? (
              <Nothing kind={kind} onMade={choose} />
            ) : null
          ) : kind === "intents" ? (
            <IntentDetails key={chosen} id={chosen} {...shared} />
          ) : kind === "entities" ? (
            <EntityDetails key={chosen} id={chosen} {...shared} />
          ) : (
            <WordListDetails key={chosen} id={chosen} {...shared} />
          )}
        </Columns>
      </ContentContext>
    </PageFrame>
  );
}

function Nothing({ kind, onMade }: { kind: UnderstandingKind; onMade: (name: string) => void }) {
  const { t } = useTranslation("understanding");
  if (kind === "intents") return <NoIntents onMade={onMade} />;
  return (
    <StateView
      drawing={<IconBulb size={28} stroke={1.75} />}
      title={t(kind === "entities" ? "noEntities.title" : "noLists.title")}
      sentence={t(kind === "entities" ? "noEntities.sentence" : "noLists.sentence")}
    />
  );
}

/** What every kind of details is given. */
export interface DetailsProps {
  id: string;
  onBack: () => void;
  onChoose: (name: string | undefined) => void;
  /** The list, where it opens from the title. */
  list: ReactNode;
}
