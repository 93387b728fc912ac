import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import {
  type LanguageModel,
  languageModel,
  languageModelQuery,
  type ModelFields,
  type ModelSettings,
} from "@/api/language-model";
import { toast } from "@/components/feedback/toast";

/** Sets fields of the model, or none at all; says so, and offers the way back. Throws what the server refuses. */
export function useModelChange(assistantId: string) {
  const client = useQueryClient();
  const { t } = useTranslation("model");
  return useCallback(
    async (fields: ModelFields | null, before: ModelSettings | null) => {
      const { queryKey } = languageModelQuery(assistantId);
      const apply = async (wanted: ModelFields | null) => {
        const made: LanguageModel = wanted
          ? await languageModel.change(assistantId, wanted)
          : await languageModel.switchOff(assistantId);
        client.setQueryData(queryKey, made);
        void client.invalidateQueries({
          queryKey: ["content", assistantId],
          predicate: (query) => query.queryKey[2] !== "language-model",
        });
      };
      await apply(fields);
      const back = fields && before ? earlier(fields, before) : before;
      const names = fields && before ? (Object.keys(fields) as (keyof ModelSettings)[]) : [];
      const what = names.map((name) => t(name)).join(", ");
      const said = !fields ? t("switchedOff") : before ? t("saved", { what }) : t("switchedOn");
      toast.done(said, {
        about: `language model ${assistantId}`,
        undo: () => void apply(back).catch(toast.refused),
      });
    },
    [assistantId, client, t],
  );
}

/** What these fields were. */
function earlier(fields: ModelFields, before: ModelSettings): ModelFields {
  const names = Object.keys(fields) as (keyof ModelSettings)[];
  return Object.fromEntries(names.map((name) => [name, before[name]]));
}
