import type { Json, JsonObject } from "@/flow-core/json";
import type { components } from "./schema";

export type { Json, JsonObject };

/**
 * The shapes of the REST API, from the generated schema (`npm run types`). Where the schema can only say "any
 * JSON" or a plain string, the more exact type stands here.
 */
export type Schemas = components["schemas"];
export type With<Name extends keyof Schemas, Exact> = Omit<Schemas[Name], keyof Exact> & Exact;

export type Person = Schemas["PersonField"];

export type Permission = Schemas["PermissionsEnum"];

export type Me = With<"Me", { preferences: JsonObject }>;

/** Numbered pages say their `count`; pages of a cursor do not. */
export interface Page<Item> {
  count?: number;
  next: string | null;
  previous: string | null;
  results: Item[];
}

export type VersionStatus = Schemas["VersionStatusEnum"];
export type VersionBrief = Schemas["VersionBrief"];
export type Version = Schemas["Version"];
export type VersionContent = With<
  "VersionFlows",
  {
    flows: Record<string, JsonObject>;
    responses: Record<string, Json>;
    slots: Record<string, JsonObject>;
  }
>;

export type Assistant = Schemas["Assistant"];

/** A step of a flow that uses something; no step where the flow itself does. */
export type Usage = Schemas["Place"];
export type FlowReference = Usage;

export type FlowItem = Schemas["Flow"];
export type ResponseItem = Schemas["Response"];
export type SlotItem = With<"Slot", { values: string[] | null; initial_value: Json }>;
export type ActionItem = Schemas["NamedItem"];

export type Problem = Schemas["Problem"];
export type ProblemReport = Schemas["Validation"];

/** One content item with its body: the parsed YAML of that item, kept whole. */
export type Item<Body extends Json = Json> = With<"FlowDetail", { body: Body }>;
