import { SegmentedControl } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { usePermission } from "@/api/me";
import { type PromptName, promptsQuery } from "@/api/prompts";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, ReadOnlyBanner } from "@/components/feedback/state-views";
import { Page } from "@/components/layout/page-frame";
import { useSearchChange } from "@/components/table/filter-bar";
import type { PromptsSearch } from "../address";
import { SettingsPage } from "../settings-page";
import { PromptView } from "./prompt-view";
import classes from "./prompts.module.css";

const route = getRouteApi("/assistants/$assistantId/settings/prompts");

/** What language models are told: the runtime's own words, or the assistant's in their place. */
export function PromptsPage() {
  const { t } = useTranslation(["prompts", "settings"]);
  const { assistantId } = route.useParams();
  const { prompt } = route.useSearch();
  const set = useSearchChange<PromptsSearch>();
  const assistant = useSuspenseQuery(assistantQuery(assistantId)).data;
  const list = useQuery(promptsQuery(assistantId));
  const mayEdit = usePermission("settings.edit");
  const shown = list.data?.find(({ name }) => name === prompt) ?? list.data?.[0];
  return (
    <SettingsPage name="prompts" assistant={assistant}>
      <Page title={t("title")} sentence={t("sentence")}>
        {mayEdit ? null : <ReadOnlyBanner>{t("settings:readOnly")}</ReadOnlyBanner>}
        {list.error ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : shown && list.data ? (
          <>
            <SegmentedControl
              className={classes["choice"] ?? ""}
              aria-label={t("title")}
              value={shown.name}
              data={list.data.map(({ name }) => ({ value: name, label: t(`names.${name}`) }))}
              onChange={(name) => set({ prompt: name as PromptName, compare: undefined })}
            />
            <PromptView
              key={shown.name}
              assistantId={assistantId}
              prompt={shown}
              mayEdit={mayEdit}
            />
          </>
        ) : (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        )}
      </Page>
    </SettingsPage>
  );
}
