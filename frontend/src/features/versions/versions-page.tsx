import { Button, SegmentedControl } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPackages, IconSchool } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { versionsQuery } from "@/api/versions";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, NothingMatches, StateView } from "@/components/feedback/state-views";
import { Page, PageFrame } from "@/components/layout/page-frame";
import { SearchField } from "@/components/table/search-field";
import { VersionTable } from "./version-table";
import classes from "./versions.module.css";

const route = getRouteApi("/assistants/$assistantId/versions");
const SEARCH_MS = 80;

export function VersionsPage() {
  const { t } = useTranslation("versions");
  const { assistantId } = route.useParams();
  const { search, show, log } = route.useSearch();
  const navigate = useNavigate({ from: "/assistants/$assistantId/versions" });
  const [words] = useDebouncedValue(search, SEARCH_MS);
  const assistant = useQuery(assistantQuery(assistantId));
  const versions = useQuery({
    ...versionsQuery(assistantId, {
      ...(words ? { search: words } : {}),
      ...(show === "mine" ? { mine: true } : {}),
      ...(show === "named" ? { named: true } : {}),
    }),
    placeholderData: (previous) => previous,
  });
  const set = (change: { search?: string | undefined; show?: "mine" | "named" | undefined }) =>
    void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true });
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <Page title={t("title")} sentence={t("sentence")}>
        <div className={classes["filters"]}>
          <SegmentedControl
            aria-label={t("show.label")}
            value={show ?? "all"}
            onChange={(value) =>
              set({ show: value === "mine" || value === "named" ? value : undefined })
            }
            data={(["all", "mine", "named"] as const).map((value) => ({
              value,
              label: t(`show.${value}`),
            }))}
          />
          <SearchField
            label={t("search")}
            group={t("title")}
            width={220}
            value={search}
            onChange={(value) => set({ search: value })}
          />
        </div>
        {versions.error ? (
          <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />
        ) : !versions.data ? (
          <AfterPause>
            <ListSkeleton />
          </AfterPause>
        ) : versions.data.results.length > 0 ? (
          <VersionTable assistantId={assistantId} versions={versions.data.results} openLog={log} />
        ) : search || show ? (
          <NothingMatches title={t("nothing")} />
        ) : (
          <NothingTrained />
        )}
      </Page>
    </PageFrame>
  );
}

function NothingTrained() {
  const { t } = useTranslation("versions");
  const navigate = useNavigate({ from: "/assistants/$assistantId/versions" });
  return (
    <StateView
      drawing={<IconPackages size={28} stroke={1.75} />}
      title={t("empty.title")}
      sentence={t("empty.sentence")}
      actions={
        <Button
          leftSection={<IconSchool size={18} stroke={1.75} />}
          onClick={() =>
            void navigate({ search: (previous) => ({ ...previous, train: 1 }), replace: true })
          }
        >
          {t("empty.button")}
        </Button>
      }
    />
  );
}
