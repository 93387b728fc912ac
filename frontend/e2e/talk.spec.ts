import { expect, type Page, test } from "@playwright/test";
import { type Item, type Server, serverOf, trained } from "./authoring";
import { picture } from "./pages";
import { expectAccessible, signIn } from "./studio";

/** Talking to one version while others are trained, stopped and deleted. */

const RESPONSE = "responses/utter_tea/";

async function teaShop(server: Server): Promise<void> {
  await server.post("responses/", { id: "utter_tea", body: [{ text: "We have green tea." }] });
  const steps = [{ action: "utter_tea" }];
  await server.post("flows/", { id: "order_tea", body: { description: "order tea", steps } });
  await trained(server);
}

/** Another version, which answers otherwise. */
async function trainedToSay(server: Server, text: string): Promise<void> {
  const { revision } = await server.get<Item<unknown>>(RESPONSE);
  await server.put(RESPONSE, { revision, body: [{ text }] });
  await trained(server);
}

async function versionOf(server: Server, number: number): Promise<string> {
  const { results } = await server.get<{ results: { id: string; number: number }[] }>("versions/");
  return results.find((version) => version.number === number)?.id ?? "";
}

test("a conversation stays with its version; the newest is offered, and one key goes there", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Tea, talked about");
  await teaShop(server);
  await signIn(page);
  await page.goto(`/assistants/${server.id}/try`);
  await say(page, "order tea");
  await expect(chat(page)).toContainText("We have green tea.");
  await expect(offer(page)).toHaveCount(0);

  await trainedToSay(server, "We have black tea.");
  await expect(page.getByText("Version 2 is ready").first()).toBeVisible();
  await expect(offer(page)).toBeVisible();
  await expect(page.getByText("Version 1, ready")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "talk-offer");

  await page.reload();
  await expect(chat(page)).toContainText("We have green tea.");
  await expect(page.getByText("Version 1, ready")).toBeVisible();
  await say(page, "order tea");
  await expect(answers(page, "We have green tea.")).toHaveCount(2);

  await trainedToSay(server, "We have white tea.");
  await expect(page.getByRole("paragraph").filter({ has: offer(page) })).toContainText(
    "Version 3 is ready",
  );
  await expect(offer(page)).toHaveCount(1);
  await page.getByLabel("Write a message").fill("order tea");
  await page.keyboard.press("Alt+Enter");
  await expect(page.getByText("Version 3, ready")).toBeVisible();
  await expect(chat(page)).not.toContainText("We have green tea.");
  await expect(offer(page)).toBeHidden();
  await expect(page.getByLabel("Write a message")).toBeFocused();
  await expect(page.getByLabel("Write a message")).toHaveValue("order tea");
  await page.keyboard.press("Enter");
  await expect(chat(page)).toContainText("We have white tea.");
});

test("the chat over the builder offers it, too; who has said nothing goes over by themselves", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Tea, not talked about");
  await teaShop(server);
  await signIn(page);
  const lines: string[] = [];
  page.on("websocket", (socket) => lines.push(socket.url()));
  await page.goto(`/assistants/${server.id}/flows/order_tea?chat=1`);
  await expect(page.getByLabel("Write a message")).toBeEnabled();
  await trainedToSay(server, "We have black tea.");
  const second = await versionOf(server, 2);
  await expect.poll(() => lines.some((line) => line.includes(`/talk/${second}`))).toBe(true);
  await say(page, "order tea");
  await expect(chat(page)).toContainText("We have black tea.");

  await trainedToSay(server, "We have white tea.");
  await expect(offer(page)).toBeVisible();
  await say(page, "order tea");
  await expect(answers(page, "We have black tea.")).toHaveCount(2);
  await page.getByRole("button", { name: "New conversation" }).click();
  await expect(page.getByRole("menuitem", { name: /^New conversation/ })).toContainText(
    "With version 3",
  );
  await page.getByRole("button", { name: "New conversation" }).click();
  await offer(page).click();
  await expect(chat(page)).not.toContainText("We have black tea.");
  await say(page, "order tea");
  await expect(chat(page)).toContainText("We have white tea.");
  await page.goto(`/assistants/${server.id}/try`);
  await expect(chat(page)).toContainText("We have white tea.");
  await expect(page.getByText("Version 3, ready")).toBeVisible();
});

test("who came to one version by its link talks to that one, and the news leads to the newest", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Tea, by a link");
  await teaShop(server);
  await signIn(page);
  await page.goto(`/assistants/${server.id}/try?version=${await versionOf(server, 1)}`);
  await say(page, "order tea");
  await expect(chat(page)).toContainText("We have green tea.");
  await trainedToSay(server, "We have black tea.");
  await expect(offer(page)).toBeVisible();
  await page.getByRole("status").getByRole("button", { name: "Chat" }).click();
  await expect(page.getByText("Version 2, ready")).toBeVisible();
  await expect(chat(page)).not.toContainText("We have green tea.");
  await page.goBack();
  await expect(chat(page)).toContainText("We have green tea.");
  await offer(page).click();
  await expect(page).not.toHaveURL(/version=/);
  await expect(page.getByText("Version 2, ready")).toBeVisible();
});

test("a version that is stopped or deleted in the middle of a talk says so and leads to the newer", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Tea, stopped");
  await teaShop(server);
  await signIn(page);
  await page.goto(`/assistants/${server.id}/try`);
  await say(page, "order tea");
  await expect(chat(page)).toContainText("We have green tea.");
  await trainedToSay(server, "We have black tea.");
  await expect(offer(page)).toBeVisible();

  await server.post(`versions/${await versionOf(server, 1)}/stop/`, {});
  await expect(page.getByRole("heading", { name: "Version 1 has stopped" })).toBeVisible();
  await expect(page.getByText("It was stopped by hand.")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "talk-stopped");
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(page.getByText("Version 1, ready")).toBeVisible({ timeout: 20_000 });
  await say(page, "order tea");
  await expect(chat(page)).toContainText("We have green tea.");

  await server.remove(`versions/${await versionOf(server, 1)}/`);
  await expect(page.getByRole("heading", { name: "Version 1 was deleted" })).toBeVisible();
  await expectAccessible(page);
  await picture(page, "talk-deleted");
  await page.getByRole("button", { name: "Talk to version 2" }).click();
  await expect(page.getByLabel("Write a message")).toBeFocused();
  await say(page, "order tea");
  await expect(chat(page)).toContainText("We have black tea.");
});

function chat(page: Page) {
  return page.getByRole("list", { name: "Messages" });
}

function answers(page: Page, text: string) {
  return chat(page).getByRole("listitem").filter({ hasText: text });
}

function offer(page: Page) {
  return page.getByRole("button", { name: "Talk to it" });
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Write a message").fill(text);
  await page.getByLabel("Write a message").press("Enter");
}
