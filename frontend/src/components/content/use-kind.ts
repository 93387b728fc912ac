import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import content from "@/i18n/en/content.json";

type Known = keyof typeof content.kinds;

/** What items of a kind are called. */
export function useKindName(): (kind: string) => string {
  const { t } = useTranslation("content");
  return useCallback((kind) => (kind in content.kinds ? t(`kinds.${kind as Known}`) : kind), [t]);
}
