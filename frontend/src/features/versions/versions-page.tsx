import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { versionsQuery } from "@/api/versions";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, FlowDrawing, StateView } from "@/components/feedback/state-views";
import { Page, PageFrame } from "@/components/layout/page-frame";
import { Moment } from "@/components/moment";
import { StateBadge } from "@/components/state-badge";
import { DataTable } from "@/components/table/data-table";
import { TwoLines } from "@/components/table/two-lines";

const route = getRouteApi("/assistants/$assistantId/versions");

export function VersionsPage() {
  const { t } = useTranslation("versions");
  const { assistantId } = route.useParams();
  const assistant = useQuery(assistantQuery(assistantId));
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <Page title={t("title")} sentence={t("sentence")}>
        <VersionTable assistantId={assistantId} />
      </Page>
    </PageFrame>
  );
}

function VersionTable({ assistantId }: { assistantId: string }) {
  const { t } = useTranslation(["versions", "common"]);
  const versions = useQuery(versionsQuery(assistantId));
  if (versions.error)
    return <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />;
  if (!versions.data) return <ListSkeleton />;
  if (versions.data.results.length === 0) {
    return (
      <StateView
        drawing={<FlowDrawing />}
        title={t("empty.title")}
        sentence={t("empty.sentence")}
      />
    );
  }
  return (
    <DataTable
      label={t("title")}
      rows={versions.data.results}
      rowId={(version) => version.id}
      rowLabel={(version) => String(version.number)}
      columns={[
        {
          id: "number",
          title: t("columns.number"),
          width: "64px",
          align: "right",
          cell: (version) => version.number,
        },
        {
          id: "name",
          title: t("columns.name"),
          width: "minmax(0, 1fr)",
          cell: (version) => (
            <TwoLines name={version.name} second={version.note || version.error?.message} />
          ),
        },
        {
          id: "state",
          title: t("columns.state"),
          width: "160px",
          cell: (version) => (
            <StateBadge
              tone={
                version.status === "failed" ? "err" : version.status === "ready" ? "ok" : "neutral"
              }
            >
              {t(`common:status.${version.status}`)}
            </StateBadge>
          ),
        },
        {
          id: "trained",
          title: t("columns.trained"),
          width: "180px",
          cell: (version) => <Moment at={version.created_at} />,
        },
      ]}
    />
  );
}
