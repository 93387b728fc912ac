import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Schemas } from "./types";

export type Sample = Schemas["Sample"];

export const samplesQuery = queryOptions({
  queryKey: ["samples"],
  queryFn: ({ signal }) => api.get<Sample[]>("samples/", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
