import { IconAlertCircle, IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { assistantQuery } from "@/api/assistants";
import { contentListQuery } from "@/api/content";
import type { FlowItem } from "@/api/types";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, FlowDrawing, StateView } from "@/components/feedback/state-views";
import { Page, PageFrame } from "@/components/layout/page-frame";
import { Moment } from "@/components/moment";
import { StateBadge } from "@/components/state-badge";
import { DataTable } from "@/components/table/data-table";
import { TwoLines } from "@/components/table/two-lines";

const route = getRouteApi("/assistants/$assistantId/flows");

export function FlowsPage() {
  const { t } = useTranslation("flows");
  const { assistantId } = route.useParams();
  const assistant = useQuery(assistantQuery(assistantId));
  return (
    <PageFrame
      crumbs={[{ label: assistant.data?.name ?? "", link: { to: "/" } }, { label: t("title") }]}
    >
      <Page title={t("title")} sentence={t("sentence")}>
        <FlowTable assistantId={assistantId} />
      </Page>
    </PageFrame>
  );
}

function FlowTable({ assistantId }: { assistantId: string }) {
  const { t } = useTranslation("flows");
  const navigate = useNavigate();
  const flows = useQuery(contentListQuery(assistantId, "flows"));
  if (flows.error) return <ErrorState error={flows.error} onRetry={() => void flows.refetch()} />;
  if (!flows.data) return <ListSkeleton />;
  if (flows.data.results.length === 0) {
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
      rows={flows.data.results}
      rowId={(flow) => flow.id}
      rowLabel={(flow) => flow.name}
      onOpen={(flow) =>
        void navigate({
          to: "/assistants/$assistantId/flows/$flowId",
          params: { assistantId, flowId: flow.id },
        })
      }
      columns={[
        {
          id: "flow",
          title: t("columns.flow"),
          width: "minmax(0, 1fr)",
          cell: (flow) => <TwoLines name={flow.name} second={flow.description} />,
        },
        {
          id: "steps",
          title: t("columns.steps"),
          width: "90px",
          align: "right",
          cell: (flow) => flow.step_count,
        },
        {
          id: "state",
          title: t("columns.state"),
          width: "160px",
          cell: (flow) => <FlowState flow={flow} />,
        },
        {
          id: "edited",
          title: t("columns.edited"),
          width: "200px",
          align: "right",
          cell: (flow) => <Moment at={flow.updated_at} />,
        },
      ]}
    />
  );
}

function FlowState({ flow }: { flow: FlowItem }) {
  const { t } = useTranslation("flows");
  if (flow.error_count > 0) {
    return (
      <StateBadge tone="err" icon={<IconAlertCircle size={14} />}>
        {t("state.errors", { count: flow.error_count })}
      </StateBadge>
    );
  }
  if (flow.warning_count > 0) {
    return (
      <StateBadge tone="warn" icon={<IconAlertTriangle size={14} />}>
        {t("state.warnings", { count: flow.warning_count })}
      </StateBadge>
    );
  }
  return (
    <StateBadge tone="ok" icon={<IconCircleCheck size={14} />}>
      {t("state.ready")}
    </StateBadge>
  );
}
