import { expect, type Locator, type Page, test } from "@playwright/test";
import { madeSample, type Server, serverAt } from "./authoring";
import { expectFits, picture, settled } from "./pages";
import { expectAccessible, signIn } from "./studio";

interface Stored {
  body: { text: string; [key: string]: unknown }[];
}

let assistant: string;
const address = (query = "") => `/assistants/${assistant}/responses${query}`;
const reader = (server: Server) => async (id: string) =>
  (await server.get<Stored>(`responses/${id}/`)).body;
const text = (page: Page, number = 1) =>
  page.getByLabel(`Text of variation ${number}`, { exact: true });
const row = (page: Page, name: string) => page.getByRole("option", { name });

async function toast(page: Page, words: string | RegExp): Promise<Locator> {
  const told = page.getByRole("status").filter({ hasText: words });
  await expect(told).toBeVisible();
  return told;
}

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ request }) => {
  assistant = await madeSample(request, "Words of a bank", "bank");
});

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test("the page can be seen and read", async ({ page }) => {
      await signIn(page);
      await page.goto(address("?response=utter_ask_account_type&language=es"));
      await settled(page);
      await expectAccessible(page);
      await picture(page, `responses-${theme}`);
      await page.getByRole("tab", { name: "History" }).click();
      await settled(page);
      await expectAccessible(page);
      await picture(page, `responses-history-${theme}`);
      await page.goto(address("?new=1"));
      await settled(page);
      await expectAccessible(page);
      await picture(page, `responses-new-${theme}`);
      await page.goto(address("?response=utter_ask_account_type&language=es"));
      for (const width of [1024, 390]) {
        await page.setViewportSize({ width, height: 800 });
        await settled(page);
        await expectFits(page);
        await picture(page, `responses-${width}-${theme}`);
      }
    });
  });
}

test("a designer writes, finds, renames, replaces and deletes by mouse", async ({
  page,
  request,
}) => {
  const server = await serverAt(request, assistant);
  const stored = reader(server);
  await signIn(page);
  await page.goto(address());
  await test.step("the words first, the name from them", async () => {
    await page.getByRole("button", { name: "New response" }).first().click();
    await page.getByLabel("What it says").pressSequentially("Your card {card_t");
    await page.getByRole("option", { name: "card_type" }).click();
    await page.keyboard.type(" is on its way.");
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue(
      "utter_your_card_card_type_is_on",
    );
    await page.getByRole("button", { name: "Create" }).click();
    await expect(text(page)).toHaveValue("Your card {card_type} is on its way.");
    await expect(page).toHaveURL(/response=utter_your_card/);
  });
  await test.step("a wrong slot is marked and mended", async () => {
    await text(page).fill("Your card {card_typ} is on its way.");
    await page.getByRole("button", { name: "Did you mean card_type?" }).click();
    await expect(text(page)).toHaveValue("Your card {card_type} is on its way.");
    await expect(page.getByText("There is no slot")).toBeHidden();
  });
  await test.step("buttons for the values of a slot", async () => {
    await page.getByRole("button", { name: "One per value of …" }).click();
    await page.getByRole("menuitem", { name: "block_reason" }).click();
    await expect(page.getByText("Sets block_reason to lost")).toBeVisible();
    await page.getByRole("button", { name: "Add button" }).click();
    await page.getByLabel("Title", { exact: true }).fill("Something else");
    await page.keyboard.press("Escape");
    await expect(page.getByText("Says its own words")).toBeVisible();
  });
  await test.step("a translation beside it", async () => {
    await page.getByLabel("Variation 1 in German").fill("Ihre Karte ist unterwegs.");
    await expect(page.getByText(/^\d of \d missing$/)).toBeVisible();
  });
  await expect
    .poll(async () => (await stored("utter_your_card_card_type_is_on"))[0])
    .toEqual({
      text: "Your card {card_type} is on its way.",
      translation: { de: "Ihre Karte ist unterwegs." },
      buttons: [
        ...["lost", "stolen", "damaged"].map((value) => ({
          title: value,
          payload: `/SetSlots(block_reason=${value})`,
        })),
        { title: "Something else", payload: "Something else" },
      ],
    });
  await test.step("another name, wherever it is used", async () => {
    await page.getByLabel("Name, text or slot").fill("what happened");
    await row(page, "Ask for block reason").click();
    await page.getByRole("button", { name: /^Used in/ }).click();
    await expect(page.getByText("asks with it").first()).toBeVisible();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Rename", exact: true }).click();
    await page.getByLabel("Name", { exact: true }).fill("utter_what_happened");
    await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
    await toast(page, "utter_what_happened now");
    await expect(page).toHaveURL(/response=utter_what_happened/);
    const flow = await server.get<{ body: unknown }>("flows/block_card/");
    expect(JSON.stringify(flow.body)).toContain('"utter":"utter_what_happened"');
  });
  await test.step("other words everywhere but here", async () => {
    await page.getByLabel("Name, text or slot").fill("");
    await page.getByRole("button", { name: "Find and replace" }).click();
    await page.getByLabel("Find", { exact: true }).fill("your");
    await page.getByLabel("Replace by").fill("this");
    const found = page.getByRole("dialog").getByRole("listitem");
    await expect(found.filter({ hasText: "Your card card type is on" })).toBeVisible();
    const count = await found.count();
    await found.first().getByRole("checkbox").uncheck();
    await expectAccessible(page);
    await picture(page, "responses-replace");
    await page.getByRole("button", { name: `Replace in ${count - 1} text` }).click();
    const done = await toast(page, /changed$|changed\s*Undo/);
    await done.getByRole("button", { name: /Undo/ }).click();
    await expect
      .poll(async () => (await stored("utter_your_card_card_type_is_on"))[0]?.text)
      .toBe("Your card {card_type} is on its way.");
  });
  await test.step("what is built in is overridden in place and reset", async () => {
    await page.goto(address("?origin=default&response=utter_cannot_handle"));
    const words = await text(page).inputValue();
    await text(page).fill("That is beyond me.");
    await expect(page.getByText("Customised").first()).toBeVisible();
    await page.getByRole("button", { name: "More about this response" }).click();
    await page.getByRole("menuitem", { name: "Reset to built in" }).click();
    await toast(page, "is as it came");
    await expect(text(page)).toHaveValue(words);
  });
  await test.step("many at once, and back", async () => {
    await page.goto(address("?search=on+its+way"));
    await page.getByRole("button", { name: "Choose several" }).click();
    await row(page, "Your card card type is on").click();
    await page.getByRole("button", { name: "Delete 1" }).click();
    const done = await toast(page, "1 response deleted");
    await expect(row(page, "Your card card type is on")).toBeHidden();
    await done.getByRole("button", { name: /Undo/ }).click();
    await expect(row(page, "Your card card type is on")).toBeVisible();
  });
});

test("the same without the mouse", async ({ page, request }) => {
  const stored = reader(await serverAt(request, assistant));
  await signIn(page);
  await page.goto(address());
  await expect(row(page, "Ask for amount")).toBeVisible();
  await page.locator("body").press("n");
  await page.keyboard.type("Which colour, {colo");
  await expect(page.getByRole("option", { name: "New slot colo" })).toBeVisible();
  await page.keyboard.type("ur");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Create", exact: true }).first().press("Enter");
  await expect(page.getByLabel("What it says")).toHaveValue("Which colour, {colour}");
  await expect(page.getByLabel("What it says")).toBeFocused();
  await page.keyboard.type("?");
  await page.keyboard.press("Enter");
  await expect(text(page)).toHaveValue("Which colour, {colour}?");
  await text(page).focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Backspace");
  // A slot goes as a whole.
  await page.keyboard.press("Backspace");
  await expect(text(page)).toHaveValue("Which colour, ");
  await page.keyboard.type("please?");
  await page.keyboard.press("Control+Enter");
  await expect(text(page, 2)).toBeFocused();
  await page.keyboard.type("What colour?");
  await page.keyboard.press("Alt+ArrowUp");
  await expect(text(page)).toBeFocused();
  await expect(text(page)).toHaveValue("What colour?");
  await page.keyboard.press("End");
  await page.keyboard.press("Control+ArrowRight");
  await expect(page.getByLabel("Variation 1 in German")).toBeFocused();
  await page.keyboard.type("Welche Farbe?");
  await page.keyboard.press("Control+ArrowDown");
  await expect(page.getByLabel("Variation 2 in German")).toBeFocused();
  await expect
    .poll(() => stored("utter_which_colour_colour"))
    .toEqual([
      { text: "What colour?", translation: { de: "Welche Farbe?" } },
      { text: "Which colour, please?" },
    ]);
  await page.keyboard.press("F2");
  await page.getByLabel("Name", { exact: true }).fill("utter_colour");
  await page.keyboard.press("Enter");
  await toast(page, "utter_colour now");
  const list = page.getByRole("listbox", { name: "Responses" });
  await list.focus();
  await page.keyboard.press("/");
  await page.keyboard.type("amount");
  await expect(page.getByLabel("Name, text or slot")).toHaveValue("amount");
  await expect(row(page, "Ask for amount")).toBeVisible();
  await list.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(text(page)).toBeFocused();
});

test("conditions, channels and data of one's own", async ({ page, request }) => {
  const server = await serverAt(request, assistant);
  const id = "utter_ask_amount";
  const { revision, body } = await server.get<{ revision: number; body: object[] }>(
    `responses/${id}/`,
  );
  const spoken = { text: "Tell me the amount for {recipient}.", channel: "voice" };
  const unlike = { ...body[0], ...spoken, condition: 'slots.card_type is "debit"' };
  await server.put(`responses/${id}/`, { revision, body: [body[0], unlike] });
  await signIn(page);
  await page.goto(address(`?response=${id}`));
  const condition = page.getByRole("button", { name: /^When: / });
  await expect(condition).toContainText("debit");
  await expect(page.getByLabel("Channel", { exact: true })).toHaveValue("voice");
  await settled(page);
  await expectAccessible(page);
  await picture(page, "responses-condition");
  await condition.click();
  await page.getByRole("combobox", { name: "Value" }).click();
  await page.getByRole("option", { name: "credit", exact: true }).click();
  await page.keyboard.press("Escape");
  await expect(condition).toContainText("credit");
  await page.getByRole("tab", { name: "Custom data" }).click();
  const data = page.getByRole("textbox", { name: "Custom data of variation 1", exact: true });
  await data.fill("card: [1");
  await expect(page.getByText(/^Not saved yet, line 1: /)).toBeVisible();
  await data.fill("card: 1\nname: on\n");
  await expect(page.getByText(/^Not saved yet, line 1: /)).toBeHidden();
  await expectAccessible(page);
  await picture(page, "responses-custom");
  const words = reader(server);
  await expect.poll(async () => (await words(id))[0]?.["custom"]).toEqual({ card: 1, name: "on" });
  expect((await words(id))[1]?.["condition"]).toBe('slots.card_type is "credit"');
});

const BEFORE_IT_CLOSES_ITSELF = { timeout: 4000 };

test("one toast tells of edits and goes with their page; that of a deletion stays", async ({
  page,
  request,
}) => {
  const server = await serverAt(request, assistant);
  const id = "utter_three_ways";
  const body = ["One", "Two", "Three"].map((each) => ({ text: `${each}.` }));
  await server.post("responses/", { id, body });
  const texts = () =>
    page
      .getByLabel(/^Text of variation \d$/)
      .evaluateAll((all) => all.map((each) => (each as HTMLTextAreaElement).value));
  const removeFirst = async () => {
    await page.getByRole("button", { name: "More about variation 1" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
  };
  await signIn(page);
  await page.goto(address(`?response=${id}`));
  await expect.poll(texts).toEqual(["One.", "Two.", "Three."]);
  await removeFirst();
  await expect.poll(texts).toEqual(["Two.", "Three."]);
  await removeFirst();
  await expect.poll(texts).toEqual(["Three."]);
  const told = page.getByRole("status").filter({ hasText: "Variation deleted" });
  await expect(told).toHaveCount(1);
  await told.getByRole("button", { name: /Undo/ }).click();
  await expect.poll(texts).toEqual(["Two.", "Three."]);
  await expect(told).toHaveCount(0, BEFORE_IT_CLOSES_ITSELF);
  await page.keyboard.press("Control+z");
  await expect.poll(texts).toEqual(["One.", "Two.", "Three."]);

  await removeFirst();
  await expect(told).toBeVisible();
  await page.getByRole("link", { name: "Flows" }).first().click();
  await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
  await expect(told).toBeHidden(BEFORE_IT_CLOSES_ITSELF);
  await expect.poll(() => reader(server)(id)).toEqual(body.slice(1));

  await page.goto(address(`?response=${id}`));
  await page.getByRole("button", { name: "More about this response" }).click();
  await page.getByRole("menuitem", { name: /^Delete/ }).click();
  const deleted = await toast(page, "Three ways deleted");
  await page.getByRole("link", { name: "Flows" }).first().click();
  await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
  await deleted.getByRole("button", { name: /Undo/ }).click();
  await expect.poll(() => reader(server)(id)).toEqual(body.slice(1));
});

test("responses that nothing says are found and deleted together", async ({ page, request }) => {
  const id = await madeSample(request, `Unused words ${Date.now()}`, "bank");
  const server = await serverAt(request, id);
  for (const name of ["utter_old_offer", "utter_old_news", "utter_by_slot"])
    await server.post("responses/", { id: name, body: [{ text: "Long ago." }] });
  // No step says it, but the slot does when a value is refused.
  const rejections = [{ if: "slots.old_sum < 1", utter: "utter_by_slot" }];
  await server.post("slots/", {
    id: "old_sum",
    body: { type: "float", mappings: [{ type: "from_llm" }], validation: { rejections } },
  });
  await signIn(page);
  await page.goto(`/assistants/${id}/responses`);
  const list = page.getByRole("listbox", { name: "Responses" });
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("menuitem", { name: "Used" }).click();
  await page.getByRole("menuitem", { name: "Nowhere" }).click();
  await expect(list.getByRole("option")).toHaveCount(2);
  await expect(page).toHaveURL(/used=no/);
  await settled(page);
  await expectAccessible(page);
  await picture(page, "responses-unused");
  await page.getByRole("button", { name: "Choose several" }).click();
  await page.getByLabel("Choose all 2 shown").check();
  await page.getByRole("button", { name: "Delete 2" }).click();
  const told = await toast(page, /2 responses deleted/);
  await expect(page.getByText("No response matches")).toBeVisible();
  await told.getByRole("button", { name: "Undo" }).click();
  await expect(list.getByRole("option")).toHaveCount(2);
});
