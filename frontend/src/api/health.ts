import { queryOptions } from "@tanstack/react-query";
import { config } from "@/lib/config";
import { noAnswer } from "./outage";

/** A part of Studio beside the backend, and what people should know about it. */
export interface PartProblem {
  part: string;
  detail: string;
}

const EVERY_MS = 10_000;

/** What is wrong around the backend; nothing is known, and nothing said, while it does not answer. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: async ({ signal }): Promise<PartProblem[]> => {
    try {
      const answer = await fetch(new URL("/api/health", config.apiOrigin), { signal });
      if (answer.ok) return ((await answer.json()) as { problems?: PartProblem[] }).problems ?? [];
    } catch (error) {
      if (signal.aborted) throw error;
    }
    noAnswer();
    return [];
  },
  refetchInterval: EVERY_MS,
  retry: false,
});
