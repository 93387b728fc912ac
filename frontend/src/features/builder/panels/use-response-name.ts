import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { humanise } from "@/lib/humanise";

/** A response in words: "utter_ask_amount" is "Ask for amount". */
export function useResponseName(): (response: string) => string {
  const { t } = useTranslation("builder");
  return useCallback(
    (response) => {
      const name = humanise(response);
      return response.startsWith("utter_ask_") ? t("askFor", { what: name.toLowerCase() }) : name;
    },
    [t],
  );
}
