import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { humanise } from "@/lib/humanise";

const ASKS = "utter_ask_";

/** The slot that a response of this name asks for. */
export function askedSlot(response: string): string | undefined {
  return response.startsWith(ASKS) ? response.slice(ASKS.length) : undefined;
}

/** A response in words: "utter_ask_amount" is "Ask for amount". */
export function useResponseName(): (response: string) => string {
  const { t } = useTranslation("content");
  return useCallback(
    (response) => {
      const name = humanise(response);
      return response.startsWith(ASKS) ? t("askFor", { what: name.toLowerCase() }) : name;
    },
    [t],
  );
}
