import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";

export interface Sample {
  id: string;
  name: string;
  description: string;
  language: string;
  icon: string;
  flow_count: number;
}

export const samplesQuery = queryOptions({
  queryKey: ["samples"],
  queryFn: ({ signal }) => api.get<Sample[]>("samples/", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
