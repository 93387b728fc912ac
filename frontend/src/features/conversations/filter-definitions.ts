import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { conversationSummaryQuery, tagsQuery } from "@/api/conversations";
import type { FilterDefinition } from "@/components/table/filter-chips";
import { humanise } from "@/lib/humanise";

const OUTCOMES = ["completed", "cancelled", "left", "handed_over", "error", "open"] as const;

/** The filters of the list; channels, flows and tags are those that occur. */
export function useFilterDefinitions(assistantId: string): FilterDefinition[] {
  const { t } = useTranslation("conversations");
  const summary = useQuery(conversationSummaryQuery(assistantId)).data;
  const tags = useQuery(tagsQuery(assistantId)).data;
  const plain = (values: readonly string[]) =>
    values.map((value) => ({ value, label: humanise(value) }));
  return [
    {
      id: "outcome",
      name: t("filters.outcome"),
      options: OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) })),
    },
    {
      id: "reviewed",
      name: t("filters.reviewed"),
      options: [
        { value: "false", label: t("no") },
        { value: "true", label: t("yes") },
      ],
    },
    {
      id: "test",
      name: t("filters.test"),
      options: [
        { value: "true", label: t("onlyTests") },
        { value: "false", label: t("onlyReal") },
      ],
    },
    { id: "flow", name: t("filters.flow"), options: plain(summary?.flows ?? []) },
    { id: "channel", name: t("filters.channel"), options: plain(summary?.channels ?? []) },
    {
      id: "tag",
      name: t("filters.tag"),
      options: (tags?.results ?? []).map(({ name }) => ({ value: name, label: name })),
    },
  ].filter((filter) => filter.options.length > 0);
}
