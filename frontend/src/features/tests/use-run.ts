import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { testRunQuery, tests } from "@/api/tests";

const route = getRouteApi("/assistants/$assistantId/tests");

/** The run that the address names, so that a reload and a link show the same. */
export function useRun(assistantId: string, ready: string | null) {
  const { run: runId, version } = route.useSearch();
  const navigate = useNavigate({ from: "/assistants/$assistantId/tests" });
  const client = useQueryClient();
  const run = useQuery({
    ...testRunQuery(assistantId, version ?? "", runId ?? ""),
    enabled: Boolean(runId && version),
  });
  const start = useMutation({
    mutationFn: (path: string) => tests.run(assistantId, ready ?? "", path),
    onSuccess: (started, path) => {
      client.setQueryData(testRunQuery(assistantId, ready ?? "", started.id).queryKey, started);
      void navigate({
        search: (previous) => ({ ...previous, run: started.id, version: ready ?? "", path }),
        replace: true,
      });
    },
  });
  const stop = useMutation({
    mutationFn: () => tests.stop(assistantId, version ?? "", runId ?? ""),
    onSuccess: () =>
      void navigate({
        search: (previous) => ({ ...previous, run: undefined, version: undefined }),
        replace: true,
      }),
  });
  return { run, start, stop, isRunning: start.isPending || run.data?.status === "running" };
}
