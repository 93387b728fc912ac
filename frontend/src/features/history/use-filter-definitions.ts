import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useItemName } from "@/components/content/use-item-name";
import { useKindName } from "@/components/content/use-kind";
import type { FilterDefinition } from "@/components/table/filter-chips";

const route = getRouteApi("/assistants/$assistantId/history");

/** Kinds that people know by these names. */
const KINDS = [
  "flow",
  "response",
  "slot",
  "action",
  "intent",
  "entity",
  "nlu",
  "prompt",
  "system_flow",
  "file",
  "config",
  "endpoints",
] as const;
const DOORS = ["browser", "rest", "cli", "import", "restore", "merge", "command"] as const;

export function useFilterDefinitions(assistantId: string): FilterDefinition[] {
  const { t } = useTranslation(["history", "content"]);
  const { kind, key } = route.useSearch();
  const kindOf = useKindName();
  const nameOf = useItemName(assistantId);
  return [
    {
      id: "kind",
      name: t("filters.kind"),
      options: KINDS.map((value) => ({ value, label: kindOf(value) })),
    },
    ...(kind && key
      ? [
          {
            id: "key",
            name: t("filters.item"),
            options: [{ value: key, label: nameOf(kind, key) }],
          },
        ]
      : []),
    {
      id: "door",
      name: t("filters.door"),
      options: DOORS.map((value) => ({ value, label: t(`content:history.door.${value}`) })),
    },
  ];
}
