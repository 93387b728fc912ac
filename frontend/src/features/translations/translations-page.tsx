import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { allContentQuery } from "@/api/content";
import { languagesQuery } from "@/api/languages";
import { usePermission } from "@/api/me";
import { type Content, ContentContext } from "@/components/content/content-context";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState } from "@/components/feedback/state-views";
import { Columns } from "@/components/layout/columns";
import { PageFrame } from "@/components/layout/page-frame";
import { LanguageList } from "./language-list";
import { NoLanguages } from "./no-languages";
import { TranslationTable } from "./translation-table";

const route = getRouteApi("/assistants/$assistantId/translations");

/** The words of the assistant in its other languages, side by side. */
export function TranslationsPage() {
  const { t } = useTranslation(["translations", "responses"]);
  const { assistantId } = route.useParams();
  const search = route.useSearch();
  const assistant = useQuery(assistantQuery(assistantId));
  const known = useQuery(languagesQuery(assistantId));
  const here = useContentHere(assistantId);
  const others = known.data?.languages.filter(({ place }) => place === "additional") ?? [];
  const language = others.find(({ code }) => code === search.language) ?? others[0];
  return (
    <PageFrame
      crumbs={[
        { label: assistant.data?.name ?? "", link: { to: "/" } },
        {
          label: t("responses:title"),
          link: { to: "/assistants/$assistantId/responses", params: { assistantId } },
        },
        { label: t("title") },
      ]}
    >
      <ContentContext value={here}>
        <Columns
          label={t("languages")}
          narrow
          chosen={search.language !== undefined}
          list={
            known.data ? (
              <LanguageList assistantId={assistantId} known={known.data} language={language} />
            ) : known.error ? (
              <ErrorState error={known.error} onRetry={() => void known.refetch()} />
            ) : (
              <AfterPause>
                <ListSkeleton />
              </AfterPause>
            )
          }
        >
          {language && known.data ? (
            <TranslationTable
              key={language.code}
              assistantId={assistantId}
              known={known.data}
              language={language}
            />
          ) : known.data ? (
            <NoLanguages assistantId={assistantId} known={known.data} />
          ) : null}
        </Columns>
      </ContentContext>
    </PageFrame>
  );
}

/** What the fields need: slots to offer, and flows to filter by. */
function useContentHere(assistantId: string): Content {
  const flows = useQuery(allContentQuery(assistantId, "flows")).data;
  const slots = useQuery(allContentQuery(assistantId, "slots")).data;
  const readOnly = !usePermission("content.edit");
  return useMemo(
    () => ({
      assistantId,
      readOnly,
      sources: {
        flows: flows ?? [],
        responses: new Map(),
        slots: new Map(slots?.map((slot) => [slot.id, slot])),
        actions: [],
      },
    }),
    [assistantId, readOnly, flows, slots],
  );
}
