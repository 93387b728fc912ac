import { type APIRequestContext, expect, type Page } from "@playwright/test";
import { accessToken } from "./studio";

export interface Item<Body> {
  revision: number;
  body: Body;
}

/** REST as the person `admin`, below a new assistant. */
export async function serverOf(request: APIRequestContext, name: string) {
  const headers = { Authorization: `Bearer ${await accessToken(request)}` };
  const made = await request.post("/api/v1/assistants/", {
    headers,
    data: { name: `${name} ${Date.now()}` },
  });
  const { id } = (await made.json()) as { id: string };
  return serverAt(request, id);
}

/** REST as the person `admin`, below one assistant. */
export async function serverAt(request: APIRequestContext, id: string) {
  const headers = { Authorization: `Bearer ${await accessToken(request)}` };
  const base = `/api/v1/assistants/${id}/`;
  return {
    id,
    get: async <T>(path: string) =>
      (await (await request.get(base + path, { headers })).json()) as T,
    post: async <T>(path: string, data: unknown) =>
      (await (await request.post(base + path, { headers, data })).json()) as T,
    put: async <T>(path: string, data: unknown) =>
      (await (await request.put(base + path, { headers, data })).json()) as T,
    remove: (path: string) => request.delete(base + path, { headers }),
  };
}

export type Server = Awaited<ReturnType<typeof serverOf>>;

/** A step on the canvas, by kind and title as screen readers hear it. */
export function card(page: Page, words: string | RegExp) {
  return page
    .locator("[data-card]")
    .and(page.getByRole("button", { name: words }))
    .first();
}

/** Everything typed has reached the server: the status is busy from the first key until its last revision is stored. */
export async function saved(page: Page): Promise<void> {
  const status = page.locator("[aria-busy]", { hasText: /^Saved/ });
  await expect(status).toHaveAttribute("aria-busy", "false");
}

interface NewestVersion {
  status: string;
  error: { message: string } | null;
}

/** Trains and waits until the version is ready; where it cannot be, the failure says its error. */
export async function trained(server: Server, note = ""): Promise<void> {
  await server.post("versions/", { flows: null, note });
  const newest = async () => {
    const [version] = (await server.get<{ results: NewestVersion[] }>("versions/")).results;
    return { status: version?.status, error: version?.error?.message ?? null };
  };
  await expect.poll(newest, { timeout: 30_000 }).toEqual({ status: "ready", error: null });
}

/** A sample as a new assistant; returns its id. */
export async function madeSample(
  request: APIRequestContext,
  name: string,
  sample: string,
): Promise<string> {
  const headers = { Authorization: `Bearer ${await accessToken(request)}` };
  const made = await request.post("/api/v1/assistants/", { headers, data: { name, sample } });
  return ((await made.json()) as { id: string }).id;
}

/** The same, and its first version is ready. */
export async function trainedSample(
  request: APIRequestContext,
  name: string,
  sample: string,
): Promise<string> {
  const id = await madeSample(request, name, sample);
  await trained(await serverAt(request, id), "As it came.");
  return id;
}
