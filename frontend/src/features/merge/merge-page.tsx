import { Button } from "@mantine/core";
import { IconGitMerge } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { mergePreviewQuery } from "@/api/branches";
import { isApiError } from "@/api/errors";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, StateView } from "@/components/feedback/state-views";
import { PageFrame } from "@/components/layout/page-frame";
import classes from "./merge.module.css";
import { MergeForm } from "./merge-form";

const route = getRouteApi("/assistants/$assistantId/branches/$branch/merge");
const MAIN = "main";

/** What a refused push, or any branch, brings into another one: conflicts are decided, the rest is told. */
export function MergePage() {
  const { t } = useTranslation("merge");
  const { assistantId, branch } = route.useParams();
  const { into = MAIN } = route.useSearch();
  const assistant = useQuery(assistantQuery(assistantId));
  const preview = useQuery(mergePreviewQuery(assistantId, branch, into));
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <main className={classes["page"]} id="main" tabIndex={-1}>
        {isApiError(preview.error, "not_found") ? (
          <StateView
            drawing={<IconGitMerge size={28} stroke={1.75} />}
            title={t("gonePage", { branch })}
            sentence={t("gonePageText")}
            actions={
              <Button
                renderRoot={(props) => (
                  <Link {...props} to="/assistants/$assistantId/flows" params={{ assistantId }} />
                )}
              >
                {t("toFlows")}
              </Button>
            }
          />
        ) : preview.error ? (
          <ErrorState error={preview.error} onRetry={() => void preview.refetch()} />
        ) : preview.data ? (
          <MergeForm assistantId={assistantId} preview={preview.data} />
        ) : (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        )}
      </main>
    </PageFrame>
  );
}
