import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { everyPage } from "./pages";
import type { Schemas } from "./types";

export type PersonalToken = Schemas["PersonalToken"];
export type Scope = Schemas["ScopeEnum"];
/** Without days: it never expires. */
export interface NewToken {
  name: string;
  scopes: Scope[];
  expires_in_days: number | null;
}

const OWN = "me/tokens/";

/** The person's own access tokens. */
export const tokensQuery = queryOptions({
  queryKey: ["tokens"] as const,
  queryFn: async ({ signal }) =>
    (await everyPage<PersonalToken>(OWN, {}, signal)).results as readonly PersonalToken[],
});

export const tokenOptionsQuery = queryOptions({
  queryKey: ["tokens", "options"] as const,
  queryFn: ({ signal }) => api.get<Schemas["PersonalTokenOptions"]>(`${OWN}options/`, { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});

export const tokens = {
  /** The answer alone holds the token itself. */
  make: (token: NewToken) => api.post<Schemas["NewPersonalToken"]>(OWN, token),
  revoke: (id: string) => api.delete(`${OWN}${id}/`),
};
