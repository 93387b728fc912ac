import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { assistantsQuery } from "@/api/assistants";
import { api } from "@/api/client";
import type { Assistant } from "@/api/types";
import { ListSkeleton } from "@/components/feedback/skeletons";
import { ErrorState, FlowDrawing, StateView } from "@/components/feedback/state-views";
import { Page } from "@/components/layout/page-frame";
import { AnchorLink } from "@/components/links";

interface Sample {
  id: string;
  name: string;
}

export function HomePage() {
  const { t } = useTranslation("home");
  const assistants = useQuery(assistantsQuery());
  if (assistants.error) {
    return <ErrorState error={assistants.error} onRetry={() => void assistants.refetch()} />;
  }
  if (!assistants.data) return <ListSkeleton />;
  return (
    <Page title={t("title")} sentence={t("sentence")}>
      {assistants.data.results.length === 0 ? <FirstSample /> : null}
      <ul>
        {assistants.data.results.map((assistant) => (
          <li key={assistant.id}>
            <AnchorLink to="/assistants/$assistantId/flows" params={{ assistantId: assistant.id }}>
              {assistant.name}
            </AnchorLink>
            , {t("flows", { count: assistant.flow_count })}
          </li>
        ))}
      </ul>
    </Page>
  );
}

function FirstSample() {
  const { t } = useTranslation("home");
  const client = useQueryClient();
  const samples = useQuery({ queryKey: ["samples"], queryFn: () => api.get<Sample[]>("samples/") });
  const add = useMutation({
    mutationFn: (sample: Sample) =>
      api.post<Assistant>("assistants/", { name: sample.name, sample: sample.id }),
    onSuccess: () => client.invalidateQueries({ queryKey: ["assistants"] }),
  });
  return (
    <StateView
      drawing={<FlowDrawing />}
      title={t("empty.title")}
      sentence={t("empty.sentence")}
      actions={samples.data?.map((sample) => (
        <Button key={sample.id} loading={add.isPending} onClick={() => add.mutate(sample)}>
          {t("empty.button", { name: sample.name })}
        </Button>
      ))}
    />
  );
}
