import { expect, type Page, test } from "@playwright/test";
import { card, type Item, madeSample, saved, serverAt, serverOf } from "./authoring";
import { takeBack } from "./pages";
import { signIn } from "./studio";

/** An author who never leaves the keyboard: what comes next has the focus, Enter takes what is offered. */

/** Adds a step below the card by keys: `a`, the first letters of the kind, Enter. */
async function add(page: Page, below: string, kind: string): Promise<void> {
  await page.keyboard.press("Escape");
  await card(page, below).focus();
  await page.keyboard.press("a");
  await expect(page.getByLabel("Find a step kind")).toBeFocused();
  await page.keyboard.type(kind);
  await page.keyboard.press("Enter");
}

test("steps of every kind are written, and what they need is made, without the mouse", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Keys only");
  await server.post("responses/", { id: "utter_hello", body: [{ text: "Hello" }] });
  const body = { name: "Greet", description: "Greet.", steps: [{ action: "utter_hello" }] };
  await server.post("flows/", { id: "greet", body });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows/greet`);
  await expect(card(page, "Send message: Hello")).toBeVisible();

  await test.step("a question with a new slot", async () => {
    await add(page, "Send message: Hello", "coll");
    await expect(page.getByRole("textbox", { name: "What to collect" })).toBeFocused();
    await page.keyboard.type("town");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("radio", { name: "Text" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Text of the message")).toBeFocused();
    await page.keyboard.type("Which town?");
    await page.keyboard.press("Tab");
    await expect(page.getByRole("button", { name: "Button", exact: true })).toBeFocused();
    await expect(page.getByLabel("Text of variation 1")).toHaveValue("Which town?");
  });

  await test.step("a message", async () => {
    await add(page, "Collect information: Collect town", "mes");
    await page.keyboard.type("Thank you.");
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Text of variation 1")).toHaveValue("Thank you.");
  });

  await test.step("every place of the slot, messages too", async () => {
    await server.post("responses/", { id: "utter_so", body: [{ text: "So, {town}." }] });
    await card(page, "Collect information: Collect town").click();
    await page.getByRole("tab", { name: "Used in" }).click();
    const panel = page.getByRole("complementary");
    await expect(panel.getByText("2 places")).toBeVisible();
    await expect(panel.getByRole("listitem").filter({ hasText: "So" })).toContainText("shows");
    await expect(panel.getByRole("link", { name: "Collect town" })).toBeVisible();
  });

  await test.step("a slot that is set, with its first row open", async () => {
    await add(page, "Send message: Thank you", "set");
    await expect(page.getByRole("textbox", { name: "Slot" })).toBeFocused();
    await page.keyboard.type("tow");
    await page.keyboard.press("Enter");
    const value = page.getByRole("combobox", { name: "Value" });
    await expect(value).toBeFocused();
    await page.keyboard.type("Rome");
    await expect(card(page, "Set slots: ")).toContainText("Rome");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("Empty");
    await page.getByRole("option", { name: "Empty it" }).click();
    await saved(page);
  });

  await test.step("a flow to call", async () => {
    await add(page, "Set slots: ", "call");
    await expect(page.getByRole("textbox", { name: "Flow" })).toBeFocused();
    await page.keyboard.type("Ask the manager");
    await page.keyboard.press("Enter");
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Ask the manager");
    await expect(page.getByLabel("ID", { exact: true })).toHaveValue("ask_the_manager");
    await expect(page.getByLabel("What is it for?")).toBeFocused();
    await page.keyboard.type("Ask the manager to agree.");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: "Flow" })).toBeFocused();
    await expect(page.getByRole("textbox", { name: "Flow" })).toHaveValue("Ask the manager");
  });

  await saved(page);
  const { body: flow } = await server.get<Item<unknown>>("flows/greet/");
  expect(flow).toMatchObject({
    steps: [
      { action: "utter_hello" },
      { collect: "town" },
      { action: "utter_thank_you" },
      { set_slots: [{ town: null }] },
      { call: "ask_the_manager" },
    ],
  });
  const made = await server.get<Item<unknown>>("flows/ask_the_manager/");
  expect(made.body).toMatchObject({
    name: "Ask the manager",
    description: "Ask the manager to agree.",
  });
  const question = await server.get<Item<unknown>>("responses/utter_ask_town/");
  expect(question.body).toEqual([{ text: "Which town?" }]);
});

test("a message that is missing is not given words by its repair: its author is", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "No words");
  const body = { name: "Book", description: "Book.", steps: [{ action: "utter_booked" }] };
  await server.post("flows/", { id: "book", body });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows/book`);
  await page.getByRole("button", { name: /^1 problem/ }).click();
  const list = page.getByRole("region", { name: "Before you can train" });
  await list.getByRole("button", { name: "Create response" }).click();
  await expect(page.getByLabel("Text of the message")).toBeFocused();
  await expect(page.getByLabel("Text of the message")).toHaveValue("");
  const { results } = await server.get<{ results: unknown[] }>("responses/");
  expect(results).toEqual([]);
});

test("what could not be saved stays told until it is, and words move the time too", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Told truly");
  await server.post("responses/", { id: "utter_bye", body: [{ text: "Bye!" }] });
  const body = { name: "Bye", description: "Say bye.", steps: [{ action: "utter_bye" }] };
  await server.post("flows/", { id: "bye", body });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows/bye?step=START`);
  const status = page.getByRole("banner").locator("[aria-busy]");
  const flow = (url: URL) => url.pathname.endsWith("/flows/bye/");
  const held: (() => Promise<void>)[] = [];
  let up = true;
  await page.route(flow, (route) => {
    if (route.request().method() !== "PUT") return route.continue();
    if (up) return route.abort();
    held.push(() => route.continue());
    return undefined;
  });
  await page.getByLabel("Description").fill("Say bye, once.");
  await expect(status).toHaveText("Not saved yet");
  up = false;
  await page.getByLabel("Description").fill("Say bye, twice.");
  await expect.poll(() => held.length).toBe(1);
  await expect(status).toHaveText("Not saved yet");
  await held[0]?.();
  await saved(page);
  // The clock of the server says when: an answer of another minute.
  await page.route(
    (url) => url.pathname.endsWith("/responses/utter_bye/"),
    async (route) => {
      if (route.request().method() !== "PUT") return route.continue();
      const response = await route.fetch();
      const item = (await response.json()) as object;
      return route.fulfill({ response, json: { ...item, updated_at: "2091-01-01T12:34:00Z" } });
    },
  );
  await card(page, "Send message: Bye").click();
  await page.getByLabel("Text of variation 1").fill("See you!");
  await expect(status).toContainText(/:34$/);
});

test("the ID of a flow is changed where it stands; what leads there follows, and Undo takes it back", async ({
  page,
  request,
}) => {
  const assistant = await madeSample(request, `Flow ids ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  await signIn(page);
  await page.goto(`/assistants/${assistant}/flows/verify_identity?step=START`);
  await page.getByRole("button", { name: "Rename" }).click();
  const name = page.getByRole("dialog").getByLabel("Name");
  await name.fill("transfer money");
  await expect(page.getByText("There is a flow of this name.")).toBeVisible();
  await name.fill("check identity");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/flows\/check_identity\?step=START/);
  await expect(page.getByLabel("ID", { exact: true })).toHaveValue("check_identity");
  const callers = async (flow: string) =>
    JSON.stringify((await server.get<{ body: object }>("flows/transfer_money/")).body).includes(
      `"call":"${flow}"`,
    );
  expect(await callers("check_identity")).toBe(true);
  await takeBack(page);
  await expect(page).toHaveURL(/flows\/verify_identity\?step=START/);
  await expect.poll(() => callers("verify_identity")).toBe(true);
});
