import { useQuery } from "@tanstack/react-query";
import { conversationSummaryQuery } from "@/api/conversations";
import { type Change, historyQuery } from "@/api/history";
import { usePermission } from "@/api/me";
import { type Sample, samplesQuery } from "@/api/samples";
import type { Assistant } from "@/api/types";

export interface GuideStep {
  name: "install" | "sample" | "talk" | "change" | "draw" | "review";
  done: boolean;
}

/** What has really been done, read from history and conversations; nothing is remembered apart. */
export function useGuideSteps(
  assistant: Assistant | undefined,
  me: string,
): { steps: GuideStep[]; sample: Sample | undefined } {
  const samples = useQuery(samplesQuery);
  const mayRead = usePermission("conversation.view");
  const id = assistant?.id ?? "";
  const enabled = assistant !== undefined;
  const summary = useQuery({ ...conversationSummaryQuery(id), enabled: enabled && mayRead });
  const answers = useQuery({ ...historyQuery(id, { kind: "response", actor: me }), enabled });
  const flows = useQuery({ ...historyQuery(id, { kind: "flow", actor: me }), enabled });
  const talked = (summary.data?.total ?? assistant?.conversation_count_7_days ?? 0) > 0;
  const steps: GuideStep[] = [
    { name: "install", done: true },
    { name: "sample", done: enabled },
    { name: "talk", done: talked },
    { name: "change", done: has(answers.data?.results, "updated") },
    { name: "draw", done: has(flows.data?.results, "created") },
    {
      name: "review",
      done: talked && (summary.data?.unreviewed ?? 0) < (summary.data?.total ?? 0),
    },
  ];
  return { steps, sample: samples.data?.[0] };
}

function has(changes: readonly Change[] | undefined, action: Change["action"]): boolean {
  return changes?.some((change) => change.action === action) ?? false;
}
