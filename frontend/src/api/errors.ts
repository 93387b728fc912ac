import type { Json } from "./types";

export interface ProblemItem {
  field?: string;
  file?: string;
  line?: number;
  item?: string;
  message: string;
}

/** A refusal by the server (`application/problem+json`), or no answer at all (status 0, code `offline`). */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors: readonly ProblemItem[];
  /** What the code adds: `current`, `permission`, `roles`, `used_by`, `retry_after`… */
  readonly extras: Readonly<Record<string, Json>>;
  /** The request as one technical line, to copy into a report; who runs Studio finds its id in the logs. */
  readonly request: string;

  constructor(status: number, problem: Record<string, Json>, request: string) {
    const {
      title,
      code,
      detail,
      errors,
      type: _type,
      status: _status,
      request_id,
      ...extras
    } = problem;
    super(String(detail ?? title ?? status));
    this.status = status;
    this.code = typeof code === "string" ? code : "unknown";
    this.title = typeof title === "string" ? title : "";
    this.errors = Array.isArray(errors) ? (errors as unknown as ProblemItem[]) : [];
    this.extras = extras;
    this.request = typeof request_id === "string" ? `${request} · ${request_id}` : request;
  }
}

export function isApiError(error: unknown, code?: string): error is ApiError {
  return error instanceof ApiError && (code === undefined || error.code === code);
}
