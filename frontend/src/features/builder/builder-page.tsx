import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { contentQuery } from "@/api/content";
import type { Item, JsonObject } from "@/api/types";
import { AfterPause, ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, FlowDrawing, StateView } from "@/components/feedback/state-views";
import { PageFrame } from "@/components/layout/page-frame";
import { parseFlow } from "@/flow-core/parse";
import { humanise } from "@/lib/humanise";
import { FlowBuilder } from "./flow-builder";

const route = getRouteApi("/assistants/$assistantId/flows/$flowId");

export function BuilderPage() {
  const { t } = useTranslation("builder");
  const { assistantId, flowId } = route.useParams();
  const { system } = route.useSearch();
  const flow = useQuery(contentQuery(assistantId, system ? "system-flows" : "flows", flowId));
  const crumbs = [
    {
      label: t("flows"),
      link: { to: "/assistants/$assistantId/flows", params: { assistantId } } as const,
    },
    { label: humanise(flowId) },
  ];
  if (flow.error) {
    return (
      <PageFrame crumbs={crumbs}>
        <ErrorState error={flow.error} onRetry={() => void flow.refetch()} />
      </PageFrame>
    );
  }
  if (!flow.data) {
    return (
      <PageFrame crumbs={crumbs}>
        <AfterPause>
          <ListSkeleton />
        </AfterPause>
      </PageFrame>
    );
  }
  return (
    <Drawable
      key={`${assistantId} ${flowId} ${system}`}
      assistantId={assistantId}
      stored={flow.data}
      crumbs={crumbs}
    />
  );
}

interface DrawableProps {
  assistantId: string;
  stored: Item<JsonObject>;
  crumbs: Parameters<typeof PageFrame>[0]["crumbs"];
}

/** A flow without a list of steps cannot be drawn; it says so and stays as it is. */
function Drawable({ assistantId, stored, crumbs }: DrawableProps) {
  const { t } = useTranslation("builder");
  const { system } = route.useSearch();
  const document = parseFlow(stored.id, stored.body);
  if (!document) {
    return (
      <PageFrame crumbs={crumbs}>
        <StateView
          drawing={<FlowDrawing />}
          title={t("notDrawable.title")}
          sentence={t("notDrawable.sentence")}
        />
      </PageFrame>
    );
  }
  return (
    <FlowBuilder
      assistantId={assistantId}
      kind={system ? "system-flows" : "flows"}
      stored={stored}
      initial={document}
    />
  );
}
