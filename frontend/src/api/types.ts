/** The shapes of the REST contract. Times are ISO 8601 in UTC. */

import type { Json, JsonObject } from "@/flow-core/json";

export type { Json, JsonObject };

export interface Person {
  id: string;
  name: string;
}

export type Permission =
  | "assistant.view"
  | "assistant.create"
  | "assistant.delete"
  | "content.edit"
  | "settings.edit"
  | "training.run"
  | "assistant.try"
  | "conversation.view"
  | "conversation.review"
  | "conversation.delete"
  | "user.manage";

export interface Me {
  id: string;
  username: string;
  name: string;
  email: string;
  roles: string[];
  permissions: Permission[];
  preferences: JsonObject;
}

export interface Page<Item> {
  count?: number;
  next: string | null;
  previous: string | null;
  results: Item[];
}

export type VersionStatus =
  | "queued"
  | "training"
  | "deploying"
  | "ready"
  | "failed"
  | "stopped"
  | "inactive";

export interface VersionBrief {
  id: string;
  number: number;
  status: VersionStatus;
  progress: number;
  error_message: string | null;
}

export interface Version {
  id: string;
  number: number;
  name: string;
  note: string;
  status: VersionStatus;
  progress: number;
  phase: "check" | "package" | "train" | "start" | null;
  error: { message: string; detail?: string; flow?: string; log_line?: number } | null;
  warnings: string[];
  chat_url: string | null;
  flows: string[];
  runtime: string;
  model_name: string;
  created_at: string;
  created_by: Person | null;
  finished_at: string | null;
  duration_seconds: number | null;
}

export interface VersionContent {
  flows: Record<string, JsonObject>;
  responses: Record<string, Json>;
}

export interface Assistant {
  id: string;
  name: string;
  description: string;
  language: string;
  additional_languages: string[];
  icon: string;
  flow_count: number;
  conversation_count_7_days: number;
  latest_version: VersionBrief | null;
  ready_version: VersionBrief | null;
  editors: Person[];
  problems: { errors: number; warnings: number } | null;
  created_at: string;
  updated_at: string;
  updated_by: Person | null;
  deleted_at: string | null;
}

export interface FlowReference {
  flow: string;
  flow_name: string;
  step: string;
}

export interface FlowItem {
  id: string;
  name: string;
  description: string;
  step_count: number;
  linked_from: FlowReference[];
  called_from: FlowReference[];
  error_count: number;
  warning_count: number;
  slots: string[];
  guard: string | boolean | null;
  revision: number;
  updated_at: string;
  updated_by: Person | null;
}

export interface Usage {
  flow: string;
  step: string;
  flow_name?: string;
}

export interface ResponseItem {
  id: string;
  variation_count: number;
  text: string | null;
  used_in: Usage[];
  revision: number;
  updated_at: string;
  updated_by: Person | null;
}

export interface SlotItem {
  id: string;
  type: string;
  values: string[] | null;
  initial_value: Json;
  used_in: Usage[];
  revision: number;
}

export interface ActionItem {
  id: string;
  used_in: Usage[];
  revision: number;
}

export interface Problem {
  code: string;
  severity: "error" | "warning";
  message: string;
  kind: string;
  id: string;
  item_name: string;
  step: string | null;
  pointer: string | null;
  fix: { label: string; action: string; arguments: JsonObject } | null;
}

/** One content item with its body: the parsed YAML of that item, kept whole. */
export interface Primitive<Body extends Json = Json> {
  id: string;
  kind: string;
  revision: number;
  body: Body;
  source_path: string | null;
  updated_at: string;
  updated_by: Person | null;
  problems: Problem[];
}

export interface ProblemReport {
  errors: number;
  warnings: number;
  problems: Problem[];
}
