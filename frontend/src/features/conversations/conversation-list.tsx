import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import {
  type ConversationFilters,
  conversationSummaryQuery,
  conversationsQuery,
  formatTotal,
} from "@/api/conversations";
import { StateBadge, StateDot } from "@/components/state-badge";
import { formatClock } from "@/lib/relative-time";
import classes from "./conversation-list.module.css";
import { OUTCOME_TONES } from "./outcome";

interface ConversationListProps {
  assistantId: string;
  chosen: string;
  filters: ConversationFilters;
}

/** The list one came from, beside the open conversation. */
export function ConversationList({ assistantId, chosen, filters }: ConversationListProps) {
  const { t, i18n } = useTranslation("conversations");
  const list = useInfiniteQuery(conversationsQuery(assistantId, filters));
  const summary = useQuery(conversationSummaryQuery(assistantId)).data;
  const rows = list.data?.pages.flatMap((page) => page.results) ?? [];
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const entry = nav.current?.querySelector(`[data-conversation="${CSS.escape(chosen)}"]`);
    entry?.scrollIntoView({ block: "nearest" });
  }, [chosen]);
  return (
    <nav className={classes["list"]} aria-label={t("title")} ref={nav}>
      <div className={classes["listHead"]}>
        <h2 className="small-heading">{t("all")}</h2>
        {summary ? <StateBadge tone="neutral">{formatTotal(summary.total)}</StateBadge> : null}
      </div>
      {rows.map((row) => (
        <Link
          key={row.id}
          to="/assistants/$assistantId/conversations/$conversationId"
          params={{ assistantId, conversationId: row.id }}
          search={filters as Record<string, never>}
          className={classes["entry"]}
          data-chosen={row.id === chosen}
          data-conversation={row.id}
        >
          <span className={classes["entryTitle"]}>
            <StateDot tone={OUTCOME_TONES[row.outcome]} />
            <b>{row.title || t("nothingSaid")}</b>
          </span>
          <span className={classes["entryLine"]}>
            <span>
              {t(`outcome.${row.outcome}`)}, {t("messages", { count: row.message_count })}
            </span>
            <span>{formatClock(new Date(row.last_event_at), i18n.language)}</span>
          </span>
        </Link>
      ))}
      {list.hasNextPage ? (
        <Button
          size="xs"
          variant="default"
          className={classes["older"]}
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t("older")}
        </Button>
      ) : null}
    </nav>
  );
}
