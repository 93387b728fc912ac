import type { AuditEntry } from "@/api/audit";

/** Everything that is recorded, by subject. */
export const ACTIONS = [
  "sign_in.succeeded",
  "sign_in.failed",
  "sign_out",
  "user.created",
  "user.roles",
  "user.password",
  "user.enabled",
  "user.disabled",
  "user.signed_out",
  "user.invited",
  "assistant.created",
  "assistant.updated",
  "assistant.deleted",
  "assistant.restored",
  "assistant.exported",
  "version.trained",
  "version.started",
  "version.stopped",
  "version.updated",
  "version.deleted",
  "model.downloaded",
  "training_input.downloaded",
  "conversation.deleted",
  "audit.exported",
] as const satisfies readonly AuditEntry["action"][];
