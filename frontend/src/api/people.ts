import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import type { Page, Schemas, With } from "./types";

export type Account = Schemas["Account"];
export type Directory = Schemas["Directory"];
export type NewAccount = With<"AccountCreateRequest", { roles: string[] }>;

export const PEOPLE_PER_PAGE = 25;

export const directoryQuery = queryOptions({
  queryKey: ["users", "directory"] as const,
  queryFn: ({ signal }) => api.get<Directory>("users/directory/", { signal }),
  staleTime: 60_000,
});

export const peopleQuery = (search: string | undefined, page: number) =>
  queryOptions({
    queryKey: ["users", "list", search ?? "", page] as const,
    queryFn: ({ signal }) => api.get<Page<Account>>("users/", { query: { search, page }, signal }),
    placeholderData: keepPreviousData,
  });

export const people = {
  create: (account: NewAccount) => api.post<Account>("users/", account),
  change: (id: string, change: With<"AccountUpdateRequest", { roles?: string[] }>) =>
    api.patch<Account>(`users/${id}/`, change),
  delete: (id: string) => api.delete(`users/${id}/`),
  signOut: (id: string) => api.post<void>(`users/${id}/sign-out/`),
  invite: (id: string) => api.post<Schemas["Invitation"]>(`users/${id}/invite/`),
};
