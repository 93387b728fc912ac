import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { type APIRequestContext, expect, test } from "@playwright/test";
import { accessToken, manage, signIn } from "./studio";

interface Shop {
  id: string;
  name: string;
}

test("a conversation comes into the open list, and what is said into the open page", async ({
  page,
  request,
}) => {
  const shop = await makeAssistant(request);
  await signIn(page);
  await page.goto(`/assistants/${shop.id}/conversations`);
  await expect(page.getByText(/No conversation/)).toBeVisible();

  say(shop, "Good morning to the shop");
  const row = page.getByRole("row", { name: /Good morning to the shop/ });
  await expect(row).toBeVisible({ timeout: 2000 });

  await row.click();
  const thread = page.getByRole("main");
  await expect(thread).toContainText("Good morning to the shop");
  say(shop, "Do you have green tea?");
  await expect(thread.getByText("Do you have green tea?")).toBeVisible({ timeout: 2000 });
});

test("what happens while the page still opens its line is not missed", async ({
  page,
  request,
}) => {
  const shop = await makeAssistant(request);
  await signIn(page);
  let open = () => {};
  const wait = new Promise<void>((resolve) => {
    open = resolve;
  });
  await page.routeWebSocket(/\/api\/ws\//, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage(async (message) => {
      await wait;
      server.send(message);
    });
  });
  await page.goto(`/assistants/${shop.id}/conversations`);
  await expect(page.getByText(/No conversation/)).toBeVisible();
  say(shop, "I was early");
  await expect
    .poll(async () => (await conversations(request, shop)).length, { timeout: 10_000 })
    .toBe(1);
  open();
  await expect(page.getByRole("row", { name: /I was early/ })).toBeVisible({ timeout: 3000 });
});

test("what is deleted of a person is in the activity record, without the person", async ({
  page,
  request,
}) => {
  const shop = await makeAssistant(request);
  say(shop, "My number is 555");
  await expect.poll(async () => (await conversations(request, shop)).length).toBe(1);
  const told = manage("conversations", "delete", "--sender", "live", "--assistant", shop.name);
  const person = /calls this sender (\w+)/.exec(told)?.[1] ?? "";
  await signIn(page);
  await page.goto(`/settings/activity?search=${person}`);
  const entry = page.getByRole("row").filter({ hasText: person }).first();
  await expect(entry).toContainText("Person forgotten");
  await expect(entry).toContainText("on the server");
  await expect(entry).toContainText("1 conversation · 1 event");
});

async function makeAssistant(request: APIRequestContext): Promise<Shop> {
  const answer = await request.post("/api/v1/assistants/", {
    headers: { Authorization: `Bearer ${await accessToken(request)}` },
    data: { name: `Shop ${Date.now()}` },
  });
  expect(answer.status()).toBe(201);
  return (await answer.json()) as Shop;
}

async function conversations(request: APIRequestContext, shop: Shop): Promise<unknown[]> {
  const answer = await request.get(`/api/v1/conversations/?assistant=${shop.id}`, {
    headers: { Authorization: `Bearer ${await accessToken(request)}` },
  });
  return ((await answer.json()) as { results: unknown[] }).results;
}

/** As a bot of this machine publishes what a user says. */
function say(shop: Shop, text: string): void {
  const event = {
    event: "user",
    text,
    sender_id: "live",
    timestamp: Date.now() / 1000,
    input_channel: "rest",
    metadata: { assistant_id: shop.name },
  };
  const file = join(process.env["STUDIO_DATA_DIR"] ?? "", "events", "live.jsonl");
  appendFileSync(file, `${JSON.stringify(event)}\n`);
}
