import { useTranslation } from "react-i18next";
import { humanise } from "@/lib/humanise";
import type { Setter } from "./slot-history";

/** Who set a slot, in words. */
export function useSetterWords(): (by: Setter) => string {
  const { t } = useTranslation("inspector");
  return ({ kind, name }) => {
    if (kind !== "action") return t(`by.${kind}`);
    return name ? t("by.action", { name: humanise(name) }) : t("by.actionUnknown");
  };
}
