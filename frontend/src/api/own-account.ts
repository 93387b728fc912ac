import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { meQuery } from "./me";
import { queryClient } from "./query-client";
import type { Schemas } from "./types";

export type OwnAccount = Schemas["OwnAccount"];

export const ownAccountQuery = queryOptions({
  queryKey: ["me", "account"] as const,
  queryFn: ({ signal }) => api.get<OwnAccount>("me/account/", { signal }),
});

export const ownAccount = {
  rename: async (name: string): Promise<void> => {
    const account = await api.patch<OwnAccount>("me/account/", { name });
    queryClient.setQueryData(ownAccountQuery.queryKey, account);
    await queryClient.invalidateQueries({ queryKey: meQuery.queryKey, exact: true });
  },
  changePassword: (password: string, newPassword: string) =>
    api.post<void>("me/password/", { password, new_password: newPassword }),
};
