import { useTranslation } from "react-i18next";
import merge from "@/i18n/en/merge.json";

type Known = keyof typeof merge.kinds;

/** What an item of this kind is called. */
export function useKind(kind: string): string {
  const { t } = useTranslation("merge");
  return kind in merge.kinds ? t(`kinds.${kind as Known}`) : kind;
}
