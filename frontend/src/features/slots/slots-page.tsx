import { Tabs } from "@mantine/core";
import { IconDatabase } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { allContentQuery } from "@/api/content";
import { usePermission } from "@/api/me";
import { ContentContext } from "@/components/content/content-context";
import { SlotUses } from "@/components/content/slot-uses";
import { useSources } from "@/components/content/use-sources";
import { StateView } from "@/components/feedback/state-views";
import { Columns } from "@/components/layout/columns";
import { PageFrame } from "@/components/layout/page-frame";
import { useSearchChange } from "@/components/table/filter-bar";
import { useNarrow } from "@/lib/text-scale";
import { ActionDetails } from "./action-details";
import { ActionList } from "./action-list";
import { SlotDetails } from "./slot-details";
import { SlotList } from "./slot-list";
import classes from "./slots.module.css";

const route = getRouteApi("/assistants/$assistantId/slots");

/** What the assistant remembers, and what it does by code: found, edited, and every place that uses it. */
export function SlotsPage() {
  const { t } = useTranslation("slots");
  const { assistantId } = route.useParams();
  const search = route.useSearch();
  const set = useSearchChange<typeof search>();
  const assistant = useQuery(assistantQuery(assistantId));
  const slots = useQuery(allContentQuery(assistantId, "slots"));
  const actions = useQuery(allContentQuery(assistantId, "actions"));
  const sources = useSources(assistantId);
  const readOnly = !usePermission("content.edit");
  const here = useMemo(
    () => ({ assistantId, readOnly, sources }),
    [assistantId, readOnly, sources],
  );
  const narrow = useNarrow();
  const ofActions = search.kind === "actions";
  const query = ofActions ? actions : slots;
  const chosen = search.name ?? query.data?.[0]?.id;
  const choose = (name: string | undefined) => set({ name, tab: undefined });
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <ContentContext value={here}>
        <Columns
          label={t("title")}
          chosen={search.name !== undefined}
          list={
            <>
              <Tabs
                value={ofActions ? "actions" : "slots"}
                className={classes["tabs"]}
                onChange={(value) =>
                  set({
                    kind: value === "actions" ? "actions" : undefined,
                    name: undefined,
                    tab: undefined,
                    search: undefined,
                  })
                }
              >
                <Tabs.List aria-label={t("title")}>
                  <Tabs.Tab value="slots" rightSection={<small>{slots.data?.length}</small>}>
                    {t("slots")}
                  </Tabs.Tab>
                  <Tabs.Tab value="actions" rightSection={<small>{actions.data?.length}</small>}>
                    {t("actions")}
                  </Tabs.Tab>
                </Tabs.List>
              </Tabs>
              {ofActions ? (
                <ActionList query={actions} chosen={chosen} onChoose={choose} />
              ) : (
                <SlotList query={slots} chosen={chosen} onChoose={choose} />
              )}
            </>
          }
          side={
            chosen !== undefined && !ofActions && !narrow ? (
              <SlotUses assistantId={assistantId} slot={chosen} />
            ) : null
          }
        >
          {chosen === undefined ? (
            query.data ? (
              <StateView
                drawing={<IconDatabase size={28} stroke={1.75} />}
                title={t(ofActions ? "noActions.title" : "noSlots.title")}
                sentence={t(ofActions ? "noActions.sentence" : "noSlots.sentence")}
              />
            ) : null
          ) : ofActions ? (
            <ActionDetails key={chosen} id={chosen} onBack={() => choose(undefined)} />
          ) : (
            <SlotDetails
              key={chosen}
              id={chosen}
              tab={search.tab}
              onTab={(tab) => set({ tab })}
              onChoose={choose}
            />
          )}
        </Columns>
      </ContentContext>
    </PageFrame>
  );
}
