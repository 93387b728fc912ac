import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import {
  type ConversationFilters,
  conversationEventsQuery,
  conversationQuery,
  conversationsQuery,
} from "@/api/conversations";
import { ErrorState, StatePage } from "@/components/feedback/state-views";
import { IconButton } from "@/components/icon-button";
import { PageFrame } from "@/components/layout/page-frame";
import { ButtonLink } from "@/components/links";
import { useCommands } from "@/lib/commands/use-commands";
import { ConversationList } from "./conversation-list";
import classes from "./conversation-page.module.css";
import { ConversationThread } from "./conversation-thread";
import { SessionPanel } from "./session-panel";

const route = getRouteApi("/assistants/$assistantId/conversations/$conversationId");

/** One conversation: its neighbours at the left, what happened in the middle, the session at the right. */
export function ConversationPage() {
  const { t } = useTranslation("conversations");
  const { assistantId, conversationId } = route.useParams();
  const filters = useListFilters();
  const detail = useQuery(conversationQuery(conversationId));
  const title = detail.data?.title ? `“${detail.data.title}”` : t("conversation");
  return (
    <PageFrame
      crumbs={[
        {
          label: t("title"),
          link: {
            to: "/assistants/$assistantId/conversations",
            params: { assistantId },
            search: filters as Record<string, never>,
          },
        },
        { label: title },
      ]}
      actions={<Neighbours />}
    >
      {detail.error ? (
        <StatePage>
          <ErrorState
            error={detail.error}
            onRetry={() => void detail.refetch()}
            actions={
              <ButtonLink to="/assistants/$assistantId/conversations" params={{ assistantId }}>
                {t("backToList")}
              </ButtonLink>
            }
          />
        </StatePage>
      ) : (
        <div className={classes["columns"]}>
          <ConversationList assistantId={assistantId} chosen={conversationId} filters={filters} />
          {detail.data ? <Body key={conversationId} /> : <div className={classes["thread"]} />}
        </div>
      )}
    </PageFrame>
  );
}

/** The list's filters travel in the address; what else stands there belongs to this page. */
function useListFilters(): ConversationFilters {
  const { event: _event, train: _train, chat: _chat, ...filters } = route.useSearch();
  return filters;
}

function useNeighbours() {
  const { assistantId, conversationId } = route.useParams();
  const filters = useListFilters();
  const navigate = useNavigate();
  const list = useInfiniteQuery(conversationsQuery(assistantId, filters));
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  const index = rows.findIndex((row) => row.id === conversationId);
  const go = async (step: number) => {
    // The list comes in pages; review goes on over their ends.
    const more = index + step >= rows.length && list.hasNextPage;
    const pages = more ? (await list.fetchNextPage()).data?.pages : undefined;
    const next = (pages?.flatMap((page) => page.results) ?? rows)[index + step];
    if (!next) return;
    await navigate({
      to: "/assistants/$assistantId/conversations/$conversationId",
      params: { assistantId, conversationId: next.id },
      search: filters as Record<string, never>,
    });
  };
  return {
    index,
    count: `${rows.length}${list.hasNextPage ? "+" : ""}`,
    isLast: index === rows.length - 1 && !list.hasNextPage,
    go: (step: number) => void go(step),
  };
}

function Neighbours() {
  const { t } = useTranslation("conversations");
  const { index, isLast, go } = useNeighbours();
  useCommands([
    { id: "next", label: t("next"), group: t("title"), keys: ["j"], run: () => go(1) },
    { id: "previous", label: t("previous"), group: t("title"), keys: ["k"], run: () => go(-1) },
  ]);
  return (
    <>
      <IconButton label={t("previous")} keyHint="k" disabled={index <= 0} onClick={() => go(-1)}>
        <IconChevronUp size={18} stroke={1.75} />
      </IconButton>
      <IconButton
        label={t("next")}
        keyHint="j"
        disabled={index < 0 || isLast}
        onClick={() => go(1)}
      >
        <IconChevronDown size={18} stroke={1.75} />
      </IconButton>
    </>
  );
}

function Body() {
  const { assistantId, conversationId } = route.useParams();
  const { event: chosen } = route.useSearch();
  const { index, count, go } = useNeighbours();
  const navigate = useNavigate({ from: "/assistants/$assistantId/conversations/$conversationId" });
  const detail = useQuery(conversationQuery(conversationId)).data;
  const list = useInfiniteQuery(conversationEventsQuery(conversationId));
  const events = useMemo(() => list.data?.pages.flatMap((page) => page.results) ?? [], [list.data]);
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const awaited = chosen !== undefined && !events.some((event) => event.id === chosen);
  useEffect(() => {
    // The address may name an event that is further down than the first page.
    if (awaited && hasNextPage && !isFetching) void fetchNextPage();
  }, [awaited, hasNextPage, isFetching, fetchNextPage]);
  if (!detail) return null;
  return (
    <>
      <ConversationThread
        assistantId={assistantId}
        conversation={detail}
        events={events}
        loading={list.isPending}
        chosen={chosen}
        onChoose={(event) =>
          void navigate({ search: (previous) => ({ ...previous, event }), replace: true })
        }
        place={index >= 0 ? { index: index + 1, count } : null}
        onNext={() => go(1)}
        {...(list.hasNextPage ? { onMore: () => void list.fetchNextPage() } : {})}
      />
      <SessionPanel conversation={detail} events={events} chosen={chosen} />
    </>
  );
}
