import { Button } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconInbox, IconLink, IconPlayerPlay } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { conversationSummaryQuery, conversationsQuery, formatTotal } from "@/api/conversations";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches, StateView } from "@/components/feedback/state-views";
import { toast } from "@/components/feedback/toast";
import { IconButton } from "@/components/icon-button";
import { Page, PageFrame } from "@/components/layout/page-frame";
import { ButtonLink } from "@/components/links";
import { ProgressBar } from "@/components/progress-bar";
import { FilterBar, useSearchChange } from "@/components/table/filter-bar";
import { FilterChips } from "@/components/table/filter-chips";
import { SearchField } from "@/components/table/search-field";
import { ConversationTable } from "./conversation-table";
import classes from "./conversations.module.css";
import { useFilterDefinitions } from "./filter-definitions";
import { WaitingEvents } from "./waiting-events";

const route = getRouteApi("/assistants/$assistantId/conversations");
const SEARCH_MS = 200;

export function ConversationsPage() {
  const { t } = useTranslation("conversations");
  const { assistantId } = route.useParams();
  const search = route.useSearch();
  const [words] = useDebouncedValue(search.search, SEARCH_MS);
  const assistant = useQuery(assistantQuery(assistantId));
  const {
    train: _train,
    chat: _chat,
    ...filters
  } = { train: 0, chat: 0, ...search, search: words };
  const list = useInfiniteQuery(conversationsQuery(assistantId, filters));
  const rows = list.data?.pages.flatMap((page) => page.results);
  const first = rows?.[0];
  const filtered = Object.values(filters).some((value) => value !== undefined);
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <Page
        title={t("title")}
        sentence={t("sentence")}
        actions={
          <>
            <Reviewed assistantId={assistantId} />
            {first ? (
              <ButtonLink
                to="/assistants/$assistantId/conversations/$conversationId"
                params={{ assistantId, conversationId: first.id }}
                search={filters}
                leftSection={<IconPlayerPlay size={18} stroke={1.75} />}
              >
                {t("oneByOne")}
              </ButtonLink>
            ) : null}
          </>
        }
      >
        <WaitingEvents />
        <Filters assistantId={assistantId} />
        {list.error ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : !rows ? (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        ) : rows.length === 0 ? (
          <NoConversations assistantId={assistantId} filtered={filtered} />
        ) : (
          <>
            <ConversationTable assistantId={assistantId} rows={rows} filters={filters} />
            <div className={classes["more"]}>
              <span>{t(list.hasNextPage ? "moreBelow" : "thatIsAll")}</span>
              {list.hasNextPage ? (
                <Button
                  size="xs"
                  variant="default"
                  loading={list.isFetchingNextPage}
                  onClick={() => void list.fetchNextPage()}
                >
                  {t("older")}
                </Button>
              ) : null}
            </div>
          </>
        )}
      </Page>
    </PageFrame>
  );
}

function Reviewed({ assistantId }: { assistantId: string }) {
  const { t } = useTranslation("conversations");
  const summary = useQuery(conversationSummaryQuery(assistantId)).data;
  if (!summary || summary.total === 0) return null;
  const done = summary.total - summary.unreviewed;
  return (
    <div className={classes["reviewed"]}>
      <span>
        {t("reviewed")} <b>{t("ofAll", { done, all: formatTotal(summary.total) })}</b>
      </span>
      <div className={classes["bar"]}>
        <ProgressBar value={(done / summary.total) * 100} />
      </div>
    </div>
  );
}

function Filters({ assistantId }: { assistantId: string }) {
  const { t } = useTranslation("conversations");
  const search = route.useSearch();
  const filters = useFilterDefinitions(assistantId);
  const set = useSearchChange<typeof search>();
  return (
    <FilterBar
      end={
        <IconButton
          label={t("copyLink")}
          size={28}
          onClick={() =>
            void navigator.clipboard
              .writeText(window.location.href)
              .then(() => toast.done(t("linkCopied")))
          }
        >
          <IconLink size={18} stroke={1.75} />
        </IconButton>
      }
    >
      <SearchField
        pill
        label={t("search")}
        group={t("title")}
        width={220}
        value={search.search}
        onChange={(value) => set({ search: value })}
      />
      <FilterChips
        filters={filters}
        values={{ ...search, train: undefined, chat: undefined }}
        onChange={(id, value) => set({ [id]: value })}
        onClear={() => set(Object.fromEntries(filters.map(({ id }) => [id, undefined])))}
      />
    </FilterBar>
  );
}

function NoConversations({ assistantId, filtered }: { assistantId: string; filtered: boolean }) {
  const { t } = useTranslation("conversations");
  const navigate = useNavigate({ from: "/assistants/$assistantId/conversations" });
  if (filtered) {
    return (
      <NothingMatches
        title={t("nothing.title")}
        sentence={t("nothing.sentence")}
        actions={
          <Button variant="default" onClick={() => void navigate({ search: {}, replace: true })}>
            {t("nothing.clear")}
          </Button>
        }
      />
    );
  }
  return (
    <StateView
      drawing={<IconInbox size={28} stroke={1.75} />}
      title={t("empty.title")}
      sentence={t("empty.sentence")}
      actions={
        <ButtonLink to="/assistants/$assistantId/try" params={{ assistantId }}>
          {t("empty.button")}
        </ButtonLink>
      }
    />
  );
}
