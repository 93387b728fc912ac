import { expect, type Page, test } from "@playwright/test";
import { card, type Item, type Server, saved, serverOf, trained } from "./authoring";
import { createUser, expectAccessible, processIn, signIn } from "./studio";

/** The builder and the chat when something is in the way: other people, a bad line, no right, a dead bot. */

/** A small flow made by REST; answers its address. */
async function goodbyeFlow(server: Server): Promise<string> {
  await server.post("responses/", { id: "utter_bye", body: [{ text: "Bye!" }] });
  const body = { name: "goodbye", description: "Say bye.", steps: [{ action: "utter_bye" }] };
  await server.post("flows/", { id: "goodbye", body });
  return `/assistants/${server.id}/flows/goodbye?step=START`;
}

/** Another description for the flow, written while the line is down. */
async function writeOffline(page: Page, server: Server): Promise<void> {
  await signIn(page);
  await page.goto(await goodbyeFlow(server));
  const description = page.getByLabel("Description");
  await expect(description).toHaveValue("Say bye.");
  await page.context().setOffline(true);
  await description.fill("Say bye nicely.");
  await expect(page.getByText("Not saved yet")).toBeVisible();
}

test("two people change one field: both sides are shown and one is chosen", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Two authors");
  await writeOffline(page, server);
  const { revision, body } = await server.get<Item<object>>("flows/goodbye/");
  await server.put("flows/goodbye/", { revision, body: { ...body, description: "Theirs." } });
  await page.context().setOffline(false);
  const conflict = page.getByRole("alertdialog");
  await expect(conflict).toContainText("Say bye nicely.");
  await expect(conflict).toContainText("Theirs.");
  await expect(conflict.getByRole("button", { name: "Keep both" })).toHaveCount(0);
  await conflict.getByRole("button", { name: "Use mine" }).click();
  await expect(conflict).toBeHidden();
  await saved(page);
  const after = await server.get<Item<unknown>>("flows/goodbye/");
  expect(after.body).toMatchObject({ description: "Say bye nicely." });
});

test("two people in one flow, at different steps: both changes are kept and nobody is asked", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Two steps");
  await writeOffline(page, server);
  const { revision, body } = await server.get<Item<{ steps: object[] }>>("flows/goodbye/");
  const steps = [...body.steps, { id: "theirs", action: "utter_theirs" }];
  await server.put("flows/goodbye/", { revision, body: { ...body, steps } });
  await page.context().setOffline(false);
  await saved(page);
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await expect(card(page, /Theirs/)).toBeVisible();
  const after = await server.get<Item<unknown>>("flows/goodbye/");
  expect(after.body).toMatchObject({ description: "Say bye nicely.", steps });
  const { results } = await server.get<{ results: { number: number }[] }>(
    "commits/?kind=flow&key=goodbye",
  );
  expect(results.length).toBeGreaterThan(1);
});

test("what could not be sent survives a reload", async ({ page, request }) => {
  const server = await serverOf(request, "Bad line");
  await signIn(page);
  await page.goto(await goodbyeFlow(server));
  const flow = (url: URL) => url.pathname.endsWith("/flows/goodbye/");
  await page.route(flow, (route) =>
    route.request().method() === "PUT" ? route.abort() : route.continue(),
  );
  await page.getByLabel("Description").fill("Written on a bad line.");
  await expect(page.getByText("Not saved yet")).toBeVisible();
  await page.unroute(flow);
  await page.reload();
  await expect(page.getByLabel("Description")).toHaveValue("Written on a bad line.");
  await saved(page);
  const after = await server.get<Item<unknown>>("flows/goodbye/");
  expect(after.body).toMatchObject({ description: "Written on a bad line." });
});

test("words of a message that could not be sent survive a reload too", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Bad line for words");
  await signIn(page);
  await page.goto(await goodbyeFlow(server));
  await card(page, "Send message: Bye").click();
  const response = (url: URL) => url.pathname.endsWith("/responses/utter_bye/");
  await page.route(response, (route) =>
    route.request().method() === "PUT" ? route.abort() : route.continue(),
  );
  const words = page.getByLabel("Text of variation 1");
  await words.fill("See you on a better line.");
  await expect(page.getByRole("complementary").getByRole("alert")).toBeVisible();
  await page.unroute(response);
  await page.reload();
  await expect(words).toHaveValue("See you on a better line.");
  const stored = async () => (await server.get<Item<unknown>>("responses/utter_bye/")).body;
  await expect.poll(stored).toEqual([{ text: "See you on a better line." }]);
  await page.reload();
  await expect(words).toHaveValue("See you on a better line.");
});

test("words written on a bad line are told as unsent, and sent when it is back though their panel is closed", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Closed panel");
  await signIn(page);
  await page.goto(await goodbyeFlow(server));
  await card(page, "Send message: Bye").click();
  await page.context().setOffline(true);
  await page.getByLabel("Text of variation 1").fill("Written in a tunnel.");
  await expect(page.getByRole("banner").getByText("Not saved yet")).toBeVisible();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await page.context().setOffline(false);
  const stored = async () => (await server.get<Item<unknown>>("responses/utter_bye/")).body;
  await expect.poll(stored).toEqual([{ text: "Written in a tunnel." }]);
  await saved(page);
});

test("a clash over a message whose panel is closed is told by its card and the top bar", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Closed clash");
  await signIn(page);
  await page.goto(await goodbyeFlow(server));
  await card(page, "Send message: Bye").click();
  await page.context().setOffline(true);
  await page.getByLabel("Text of variation 1").fill("Mine.");
  await expect(page.getByRole("banner").getByText("Not saved yet")).toBeVisible();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  const { revision } = await server.get<Item<unknown>>("responses/utter_bye/");
  await server.put("responses/utter_bye/", { revision, body: [{ text: "Theirs." }] });
  await page.context().setOffline(false);
  await expect(page.getByRole("banner").getByText("Changed by someone else")).toBeVisible();
  await expect(card(page, /Send message: Bye.*1 problem/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "1 warning" }).click();
  const list = page.getByRole("region", { name: "Before you can train" });
  await list.getByRole("button", { name: /changed “Bye” too/ }).click();
  const clash = page.getByRole("alertdialog");
  await expect(clash).toContainText("Theirs.");
  await expect(clash).toBeFocused();
  await page.keyboard.press("3"); // keep both
  await expect(page.getByRole("button", { name: "No problems" })).toBeVisible();
  await saved(page);
  const after = await server.get<Item<unknown>>("responses/utter_bye/");
  expect(after.body).toEqual([{ text: "Mine." }, { text: "Theirs." }]);
});

test("who may only look sees the flow and cannot change it", async ({ page, request }) => {
  const server = await serverOf(request, "Read only");
  const address = await goodbyeFlow(server);
  const name = `viewer-${Date.now()}`;
  createUser(name, "Business User");
  await signIn(page, name);
  await page.goto(address);
  await expect(page.getByText("You can look, not change.")).toBeVisible();
  await expect(page.getByLabel("Description")).not.toBeEditable();
  await card(page, "Send message: Bye").click();
  await expect(page.getByLabel("Text of variation 1")).not.toBeEditable();
  await expect(page.getByRole("button", { name: "Add a step here" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Delete step" })).toHaveCount(0);
  await page.keyboard.press("Delete");
  await page.keyboard.press("a");
  await expect(page.locator("[data-card]")).toHaveCount(3);
});

test("the first words of a message stay while others change something", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "First words");
  await server.post("slots/", { id: "cups", body: { type: "float" } });
  const body = { name: "coffee", description: "Order coffee.", steps: [{ collect: "cups" }] };
  await server.post("flows/", { id: "coffee", body });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows/coffee`);
  await card(page, "Collect information: ").click();
  const words = page.getByLabel("Text of the message");
  await words.fill("How many");
  const again = page.waitForResponse((answer) => answer.url().endsWith("/utter_ask_cups/"));
  await server.post("responses/", { id: "utter_other", body: [{ text: "Other." }] });
  await again;
  await words.press("End");
  await words.pressSequentially(" cups?");
  await expect(words).toHaveValue("How many cups?");
});

test("by keys alone: the focus goes into what was added, back to its card, and is never lost", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Keys");
  await signIn(page);
  await page.goto(await goodbyeFlow(server));
  await card(page, "Send message: Bye").focus();
  await page.keyboard.press("a");
  await page.keyboard.type("coll");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "What to collect" })).toBeFocused();
  await page.keyboard.press("Escape");
  const added = card(page, "Collect information: ");
  await expect(added).toBeFocused();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Delete step" }).focus();
  await page.keyboard.press("Enter");
  await expect(added).toBeHidden();
  await expect(page.locator("[data-card]:focus")).toHaveCount(1);
  await page.keyboard.press("ArrowDown");
  await expect(card(page, "Send message: Bye")).toBeFocused();
});

test("a bot that dies says so, and can be started again", async ({ page, request }) => {
  const server = await serverOf(request, "Dies");
  await goodbyeFlow(server);
  await trained(server);
  const [version] = (await server.get<{ results: { chat_url: string }[] }>("versions/")).results;
  const deployment = version?.chat_url.split("/").filter(Boolean).at(-1) ?? "";
  expect(deployment).not.toBe("");
  await signIn(page);
  await page.goto(`/assistants/${server.id}/try`);
  const chat = page.getByRole("list", { name: "Messages" });
  await say(page, "goodbye");
  await expect(chat).toContainText("Bye!");
  process.kill(await processIn(`/bots/${deployment}`), "SIGKILL");
  await expect(page.getByText("The assistant stopped")).toBeVisible({ timeout: 20_000 });
  await page.goto("/");
  const told = page.getByRole("article").filter({ hasText: "Dies" });
  await expect(told).toContainText("Version 1 has stopped", { timeout: 20_000 });
  await page.goto(`/assistants/${server.id}/tests`);
  await page.getByRole("link", { name: "Version 1 has stopped" }).click();
  await expect(page.getByRole("heading", { name: "Version 1 has stopped" })).toBeVisible();
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(page.getByLabel("Write a message")).toBeEnabled({ timeout: 20_000 });
  await say(page, "goodbye");
  await expect(chat).toContainText("Bye!");
});

test("a running version is stopped in the list, says so, and is started again", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Stopped");
  await goodbyeFlow(server);
  await trained(server);
  await signIn(page);
  await page.goto(`/assistants/${server.id}/versions`);
  const row = page.getByRole("row").filter({ has: page.getByRole("gridcell") });
  await row.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Stop" }).click();
  await expect(row).toContainText("Stopped");
  await row.getByRole("button", { name: "Start again" }).click();
  await expect(row).toContainText("Ready", { timeout: 20_000 });
});

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Write a message").fill(text);
  await page.keyboard.press("Enter");
}
