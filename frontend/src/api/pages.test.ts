// @vitest-environment node
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { everyPage } from "./pages";

/** Against a real HTTP server, in Node. */

const config = vi.hoisted(() => ({ apiOrigin: "", authority: "", clientId: "", version: "" }));
vi.mock("@/lib/config", () => ({ config }));
vi.mock("@/api/session", () => ({ freshToken: async () => "a token", sessionRefused: () => {} }));

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  const page = Number(new URL(request.url ?? "", config.apiOrigin).searchParams.get("page") ?? 1);
  const next = page < 3 ? `${config.apiOrigin}/api/v1/tags/?page=${page + 1}` : null;
  const results = [{ id: page * 2 - 1 }, { id: page * 2 }];
  response.end(JSON.stringify({ count: 6, next, previous: null, results }));
});

afterEach(() => server.close());

test("a list of several pages comes whole, in its order", async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  config.apiOrigin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { signal } = new AbortController();
  const page = await everyPage<{ id: number }>("tags/", { assistant: "a" }, signal);
  expect(page.results.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
  expect([page.count, page.next]).toEqual([6, null]);
  expect(asked[0]).toBe("/api/v1/tags/?page_size=1000&assistant=a");
});
