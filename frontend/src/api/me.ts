import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { createContext, use } from "react";
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

/** What the person may do in the assistant that the page belongs to; null on pages that belong to none. */
export const PermissionsHere = createContext<readonly Permission[] | null>(null);

/** True when the person may do it here; the server decides again at every request. */
export function usePermission(permission: Permission): boolean {
  const me = useMe();
  return (use(PermissionsHere) ?? me.permissions).includes(permission);
}

export async function savePreferences(preferences: JsonObject): Promise<void> {
  const me = await api.patch<Me>("me/", { preferences });
  queryClient.setQueryData(meQuery.queryKey, me);
}
