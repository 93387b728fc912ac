import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { testRunQuery, tests } from "@/api/tests";
import { toast } from "@/components/feedback/toast";
import { remember } from "./results";

const route = getRouteApi("/assistants/$assistantId/tests");

/** The run that the address names, so that a reload and a link show the same. */
export function useRun(assistantId: string, against: string | null) {
  const { run: runId, version, path } = route.useSearch();
  const navigate = useNavigate({ from: "/assistants/$assistantId/tests" });
  const client = useQueryClient();
  const run = useQuery({
    ...testRunQuery(assistantId, version ?? "", runId ?? ""),
    enabled: Boolean(runId && version),
  });
  const start = useMutation({
    mutationFn: (wanted: string) => tests.run(assistantId, against ?? "", wanted),
    onSuccess: (started, wanted) => {
      client.setQueryData(testRunQuery(assistantId, against ?? "", started.id).queryKey, started);
      void navigate({
        search: (previous) => ({
          ...previous,
          run: started.id,
          version: against ?? "",
          path: wanted,
        }),
        replace: true,
      });
    },
    onError: toast.refused,
  });
  const stop = useMutation({
    mutationFn: () => tests.stop(assistantId, version ?? "", runId ?? ""),
    onSuccess: () =>
      void navigate({
        search: (previous) => ({ ...previous, run: undefined, version: undefined }),
        replace: true,
      }),
  });
  const { data } = run;
  useEffect(() => {
    if (data?.status === "done" && version) remember(assistantId, version, path ?? ".", data);
  }, [assistantId, version, path, data]);
  return { run, start, stop, isRunning: start.isPending || run.data?.status === "running" };
}
