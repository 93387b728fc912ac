import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { api } from "./client";
import { queryClient } from "./query-client";
import type { JsonObject, Me, Permission } from "./types";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => api.get<Me>("me/", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export function useMe(): Me {
  return useSuspenseQuery(meQuery).data;
}

/** True when the person may do it; the server decides again at every request. */
export function usePermission(permission: Permission): boolean {
  return useMe().permissions.includes(permission);
}

export async function savePreferences(preferences: JsonObject): Promise<void> {
  const me = await api.patch<Me>("me/", { preferences });
  queryClient.setQueryData(meQuery.queryKey, me);
}
