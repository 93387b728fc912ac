import { expect, type Page, test, type WebSocketRoute } from "@playwright/test";
import { trainedSample } from "./authoring";
import { expectAccessible, signIn } from "./studio";

let address: string;

test.beforeAll(async ({ request }) => {
  address = `/assistants/${await trainedSample(request, `Chat states ${Date.now()}`, "bank")}/try`;
});

/** Lines of the chat to the real bot, newest last; each may be cut with a code of the bridge. */
async function linesOf(page: Page): Promise<WebSocketRoute[]> {
  const lines: WebSocketRoute[] = [];
  await page.routeWebSocket(/\/talk\//, (line) => {
    line.connectToServer();
    lines.push(line);
  });
  return lines;
}

async function talking(page: Page): Promise<WebSocketRoute[]> {
  const lines = await linesOf(page);
  await signIn(page);
  await page.goto(address);
  await say(page, "How much is in my savings account?");
  await expect(chat(page)).toContainText("€8350");
  return lines;
}

for (const { code, words } of [
  { code: 4408, words: "faster than this browser could read" },
  { code: 4503, words: "The model service does not answer" },
  { code: 1011, words: "The connection broke" },
]) {
  test(`a line cut with ${code} says why, and the conversation goes on`, async ({ page }) => {
    const lines = await talking(page);
    await lines.at(-1)?.close({ code });
    await expect(page.getByText(words)).toBeVisible();
    await say(page, "Send 250 to Lena Sommer please");
    await expect(chat(page)).toContainText("€250 to Lena Sommer");
    await expect(chat(page)).toContainText("€8350");
    await expect(page.getByText(words)).toBeHidden();
    expect(lines).toHaveLength(2);
  });
}

test("the chat's connection is open while the chat is shown, and no longer", async ({ page }) => {
  const open = new Set<object>();
  page.on("websocket", (socket) => {
    if (!socket.url().includes("/talk/")) return;
    open.add(socket);
    socket.on("close", () => open.delete(socket));
  });
  await signIn(page);
  await page.goto(address);
  await say(page, "How much is in my savings account?");
  await expect(chat(page)).toContainText("€8350");
  expect(open.size).toBe(1);
  await page.getByRole("link", { name: "Flows" }).first().click();
  await expect.poll(() => open.size).toBe(0);
  await page.goBack();
  await expect(chat(page)).toContainText("€8350");
  await say(page, "Send 250 to Lena Sommer please");
  await expect(chat(page)).toContainText("€250 to Lena Sommer");
  expect(open.size).toBe(1);
  await page.keyboard.press("Control+Shift+Enter"); // begin again, from the field as well
  await expect(chat(page)).not.toContainText("€250 to Lena Sommer");
});

test("a sign-in that is over asks for a new one and keeps the conversation", async ({ page }) => {
  const lines = await talking(page);
  await lines.at(-1)?.close({ code: 4401 });
  await expect(page.getByText("Your sign-in has ended")).toBeVisible();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  const popup = page.waitForEvent("popup");
  await dialog.getByRole("button", { name: /sign in/i }).click();
  const small = await popup;
  if (!small.isClosed()) await small.waitForEvent("close");
  await expect(dialog).toBeHidden();
  await say(page, "Send 250 to Lena Sommer please");
  await expect(chat(page)).toContainText("€250 to Lena Sommer");
  await expect(chat(page)).toContainText("€8350");
});

test("a missing right is said, and tried again", async ({ page }) => {
  const lines = await talking(page);
  await lines.at(-1)?.close({ code: 4403 });
  await expect(page.getByRole("heading", { name: "You may not talk to it" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(chat(page)).toContainText("€8350");
});

for (const { code, title } of [
  { code: 4404, title: "This assistant is not running any more" },
  { code: 4410, title: "The assistant stopped" },
]) {
  test(`a bot that is gone (${code}) is started again`, async ({ page }) => {
    const lines = await talking(page);
    await lines.at(-1)?.close({ code });
    await expect(page.getByRole("heading", { name: title })).toBeVisible();
    await expect(page.getByLabel("Write a message")).toBeDisabled();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Start again" }).click();
    await expect(chat(page)).toContainText("€8350", { timeout: 60_000 });
  });
}

test("the language of the conversation is switched, and the open question asked in it", async ({
  page,
}) => {
  await signIn(page);
  await page.goto(address);
  await say(page, "Send money please");
  await expect(chat(page)).toContainText(/Who (should receive the money|would you like to pay)\?/);
  await page.getByRole("combobox", { name: "Language of the conversation" }).click();
  await page.getByRole("option", { name: "German" }).click();
  await expect(chat(page)).toContainText(/Wer soll das Geld bekommen\?|An wen möchten Sie/);
  await expectAccessible(page);
});

function chat(page: Page) {
  return page.getByRole("list", { name: "Messages" });
}

async function say(page: Page, words: string): Promise<void> {
  await page.getByLabel("Write a message").fill(words);
  await page.keyboard.press("Enter");
}
