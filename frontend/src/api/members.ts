import { queryOptions } from "@tanstack/react-query";
import { api } from "./client";
import { everyPage } from "./pages";
import type { Schemas } from "./types";

export type Member = Schemas["Member"];
export type Role = Member["role"];
/** A person by user name, or everybody who has this role in Studio. */
export type NewMember = { role: Role } & ({ username: string } | { group: Role });

/** The roles of people, and whether each may edit the settings of an assistant, its members among them. */
const EDITS_SETTINGS: Record<Role, boolean> = {
  SuperUser: true,
  Developer: true,
  "Flow Builder": false,
  "NLU Editor": false,
  "Business User": false,
  "Lead Annotator": false,
  Annotator: false,
  "Conversation Analyst": false,
  "Conversation Viewer": false,
};

export const ROLES = Object.keys(EDITS_SETTINGS) as Role[];

export const editsSettings = (role: Role): boolean => EDITS_SETTINGS[role];

/** Below the key of its assistant, so that what refreshes the one refreshes the other. */
export const membersQuery = (assistant: string) =>
  queryOptions({
    queryKey: ["assistant", assistant, "members"] as const,
    queryFn: async ({ signal }) =>
      (await everyPage<Member>(all(assistant), {}, signal)).results as readonly Member[],
  });

const all = (assistant: string) => `assistants/${assistant}/members/`;

export const members = {
  add: (assistant: string, member: NewMember) => api.post<Member>(all(assistant), member),
  change: (assistant: string, member: number, role: Role) =>
    api.patch<Member>(`${all(assistant)}${member}/`, { role }),
  remove: (assistant: string, member: number) => api.delete(`${all(assistant)}${member}/`),
};
