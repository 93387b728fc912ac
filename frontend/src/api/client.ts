import { config } from "@/lib/config";
import { ApiError } from "./errors";
import { answered, noAnswer } from "./outage";
import { freshToken, sessionRefused } from "./session";
import type { Json } from "./types";

type Query = Record<string, string | number | boolean | null | undefined>;

interface RequestOptions {
  query?: Query;
  body?: unknown;
  form?: FormData;
  signal?: AbortSignal;
}

function addressOf(path: string, query?: Query): string {
  // The address of a next page is absolute; behind a proxy its host may not be ours.
  const given = path.startsWith("http") ? new URL(path) : null;
  const address = new URL(
    given ? `${given.pathname}${given.search}` : `/api/v1/${path}`,
    config.apiOrigin,
  );
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "")
      address.searchParams.set(name, String(value));
  }
  return address.href;
}

async function problemOf(response: Response): Promise<Record<string, Json>> {
  const text = await response.text();
  try {
    const parsed: unknown = JSON.parse(text);
    if (parsed && typeof parsed === "object") return parsed as Record<string, Json>;
  } catch {
    // A proxy's page instead of our JSON: the status line says all there is to know.
  }
  return { title: response.statusText, code: `http_${response.status}` };
}

/** What a gateway says when there is nobody behind it; our own refusals of these numbers are problem documents. */
const AWAY = new Set([502, 503, 504]);

function isProblem(response: Response): boolean {
  return (response.headers.get("Content-Type") ?? "").includes("problem+json");
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const request = `${method} ${path}`;
  const headers = new Headers({ Accept: "application/json" });
  if (options.body !== undefined) headers.set("Content-Type", "application/json");
  let response: Response;
  try {
    const token = await freshToken();
    if (token) headers.set("Authorization", `Bearer ${token}`);
    response = await fetch(addressOf(path, options.query), {
      method,
      headers,
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.form ? { body: options.form } : {}),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    noAnswer();
    throw new ApiError(0, { code: "offline", title: "No answer" }, request);
  }
  if (response.ok) {
    answered();
    return response;
  }
  if (response.status === 401) sessionRefused();
  if (AWAY.has(response.status) && !isProblem(response)) noAnswer();
  throw new ApiError(response.status, await problemOf(response), `${request} · ${response.status}`);
}

async function json<Result>(
  method: string,
  path: string,
  options: RequestOptions,
): Promise<Result> {
  const response = await send(method, path, options);
  return (response.status === 204 ? undefined : await response.json()) as Result;
}

/** The REST client: paths are relative to `/api/v1/`; any refusal is thrown as an ApiError. */
export const api = {
  get: <Result>(path: string, options: Pick<RequestOptions, "query" | "signal"> = {}) =>
    json<Result>("GET", path, options),
  post: <Result>(path: string, body?: unknown) =>
    json<Result>("POST", path, body instanceof FormData ? { form: body } : { body: body ?? {} }),
  put: <Result>(path: string, body: unknown) => json<Result>("PUT", path, { body }),
  patch: <Result>(path: string, body: unknown) => json<Result>("PATCH", path, { body }),
  delete: <Result = void>(path: string, query: Query = {}) =>
    json<Result>("DELETE", path, { query }),
  /** A text that grows: what follows on `offset`, where that begins, and what to ask for next. */
  growing: async (path: string, offset: number) => {
    const response = await send("GET", path, { query: { offset } });
    const from = Number(response.headers.get("Log-From") ?? 0);
    return { text: await response.text(), from, next: Number(response.headers.get("Log-Offset")) };
  },
  /** A file to keep: its bytes and the name the server proposes. */
  download: async (path: string, query: Query = {}) => {
    const response = await send("GET", path, { query });
    const disposition = response.headers.get("Content-Disposition") ?? "";
    const name = /filename\*?=(?:UTF-8'')?"?([^";]+)/i.exec(disposition)?.[1];
    return { blob: await response.blob(), name: name ? decodeURIComponent(name) : "download" };
  },
};
