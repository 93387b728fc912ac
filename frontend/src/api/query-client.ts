import { QueryClient } from "@tanstack/react-query";
import { isApiError } from "./errors";
import { onAnswering } from "./outage";

const MAX_RETRY_DELAY_MS = 30_000;

/** Refusals are final; a server that does not answer is asked again after 2, 4, 8 … 30 seconds. */
export function retryable(error: unknown): boolean {
  return isApiError(error) && (error.status === 0 || error.status === 502 || error.status === 503);
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 4 && retryable(error),
      retryDelay: (attempt) => Math.min(2000 * 2 ** attempt, MAX_RETRY_DELAY_MS),
      refetchOnWindowFocus: false,
    },
    mutations: { retry: false },
  },
});

onAnswering((wasOut) => {
  if (wasOut) void queryClient.invalidateQueries();
});
