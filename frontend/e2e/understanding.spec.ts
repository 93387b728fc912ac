import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { madeSample, serverAt, serverOf, trainedSample } from "./authoring";
import { expectFits, picture, settled } from "./pages";
import { createUser, expectAccessible, signIn } from "./studio";

const list = (page: Page) => page.getByRole("listbox", { name: "Intents" });
const grid = (page: Page) => page.getByRole("grid");
const main = (page: Page) => page.getByRole("main");
const side = (page: Page) => page.getByRole("complementary");
const row = (page: Page, words: string | RegExp) => grid(page).getByRole("row", { name: words });
const savedNow = (page: Page) =>
  expect(main(page).getByText(/^Saved \d\d:\d\d$/)).toHaveAttribute("aria-busy", "false");

/** Lines on the clipboard are pasted into the field that has the focus. */
async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", pasted);
    document.activeElement?.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
    );
  }, text);
}

/** A real user said something in vain. */
function saidInVain(assistant: string, sender: string, text: string): void {
  const at = Date.now() / 1000;
  const base = { sender_id: sender, metadata: { assistant_id: assistant } };
  const commands = [{ command: "cannot handle", reason: "cannot_handle_default" }];
  const events = [
    { ...base, event: "session_started", timestamp: at },
    {
      ...base,
      event: "user",
      timestamp: at + 0.1,
      text,
      input_channel: "rest",
      parse_data: { commands },
    },
  ];
  const file = join(process.env["STUDIO_DATA_DIR"] ?? "", "events", "understanding.jsonl");
  appendFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
}

test("understanding: a sentence is tried, examples are written, marked and moved, by mouse", async ({
  page,
  request,
}) => {
  const assistant = await trainedSample(request, `Understanding ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  const examples = async (intent: string) =>
    (await server.get<{ examples: string[] }>(`intents/${intent}/examples/`)).examples;
  await signIn(page);
  await page.goto(`/assistants/${assistant}/understanding?name=block_card`);

  await test.step("what would start, and which words count", async () => {
    await expect(main(page).getByRole("heading", { name: "block_card" })).toBeVisible();
    await side(page).getByLabel("Sentence to try").fill("my credit card was stolen in Leeds");
    await expect(side(page).getByText("Would start")).toBeVisible();
    await expect(side(page).getByRole("link", { name: "block a card" })).toBeVisible();
    await expect(side(page).getByText("Version 1", { exact: true })).toBeVisible();
    await expect(side(page).locator("[data-level='3']")).toContainText("stolen");
    await settled(page);
    await expectAccessible(page);
    await picture(page, "understanding-light");
  });

  await test.step("a word is chosen and marked with a role and a value", async () => {
    await row(page, "my credit card was stolen").getByText("my credit card was stolen").click();
    const field = main(page).getByRole("textbox", { name: "Words of the example" });
    await expect(field).toBeFocused();
    // "credit" stands from the third letter on.
    await field.evaluate((input: HTMLInputElement) => input.setSelectionRange(3, 9));
    await field.press("Shift+ArrowRight");
    const form = page.getByRole("form", { name: "Mark “credit”" });
    await expect(form).toBeVisible();
    await page.keyboard.press("Tab");
    await expect(form.getByRole("combobox", { name: "Is a" })).toBeFocused();
    await form.getByRole("combobox", { name: "Is a" }).fill("card_kind");
    await form.getByRole("combobox", { name: "Role" }).fill("lost");
    await form.getByLabel("Means").fill("credit card");
    await picture(page, "understanding-mark-light");
    await form.getByLabel("Means").press("Enter");
    await expect(field).toBeFocused();
    await field.press("Enter");
    await expect(row(page, /credit ?, card kind, role lost, means credit card,/)).toBeVisible();
    await savedNow(page);
    expect(await examples("block_card")).toContain(
      'my [credit]{"entity":"card_kind","role":"lost","value":"credit card"} card was stolen',
    );
    await expect(page.getByRole("tab", { name: /Entities 4/ })).toBeVisible();
    await row(page, /my credit/)
      .locator("[data-mark]")
      .click();
    await page.getByRole("form").getByRole("button", { name: "Not an entity" }).click();
    await page.keyboard.press("Enter");
    await expect(grid(page).locator("[data-mark]")).toHaveCount(0);
  });

  await test.step("many lines are pasted; those that are there are named", async () => {
    await main(page).getByRole("button", { name: "Add examples" }).click();
    await paste(page, "- stop my card now\n\nI lost my card\nmy purse is gone\n");
    await expect(page.getByText(/2 examples added; 1 left out .* “I lost my card”/)).toBeVisible();
    await expect(row(page, "my purse is gone")).toBeVisible();
    await savedNow(page);
    expect(await examples("block_card")).toHaveLength(16);
    await main(page).getByLabel("Find in the examples").fill("purse");
    await expect(grid(page).getByRole("row")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await main(page).getByRole("tab", { name: "History" }).click();
    await expect(main(page).getByText("in the browser").first()).toBeVisible();
    await picture(page, "understanding-history-light");
    await main(page).getByRole("tab", { name: "Examples" }).click();
  });
});

test("understanding: what pulls two ways or fitted nothing is mended; a new name, less room", async ({
  page,
  request,
}) => {
  const assistant = await trainedSample(request, `Mended ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  const examples = async (intent: string) =>
    (await server.get<{ examples: string[] }>(`intents/${intent}/examples/`)).examples;
  await signIn(page);
  await page.goto(`/assistants/${assistant}/understanding?name=block_card`);

  await test.step("a sentence becomes an example; the label says that the version does not know it", async () => {
    await side(page).getByLabel("Sentence to try").fill("my purse is gone");
    await side(page)
      .getByRole("button", { name: /Add as an example of block_card/ })
      .click();
    await expect(row(page, "my purse is gone")).toBeVisible();
    await savedNow(page);
    await side(page).getByLabel("Sentence to try").fill("somebody has my card");
    await expect(side(page).getByText("Version 1, edited since")).toBeVisible();
  });

  await test.step("what pulls in two directions is told, moved, and taken back", async () => {
    await server.post("examples/", {
      changes: [{ was: null, becomes: { intent: "replace_card", text: "my purse is gone today" } }],
    });
    const pair = main(page).getByRole("region", { name: "Pulls in two directions" });
    await expect(pair).toContainText("today");
    await expect(row(page, /close to replace_card/)).toBeVisible();
    await settled(page);
    await picture(page, "understanding-pair-light");
    await pair.getByRole("button", { name: "Move to replace_card" }).click();
    await expect(pair).toHaveCount(0);
    await expect.poll(() => examples("replace_card")).toContain("my purse is gone");
    await page.keyboard.press("Control+z");
    await expect(row(page, /my purse is gone/)).toBeVisible();
    await pair.getByRole("button", { name: "Keep both" }).click();
    await expect(pair).toHaveCount(0);
    await expect(
      main(page).getByRole("button", { name: /One pair .* show it again/ }),
    ).toBeVisible();
  });

  await test.step("what real users said in vain is offered, and one press makes it an example", async () => {
    saidInVain(assistant, "anna", "freeze everything about my card");
    saidInVain(assistant, "berta", "freeze everything about my card");
    const offered = side(page).getByRole("listitem").filter({ hasText: "freeze everything" });
    await expect
      .poll(async () => JSON.stringify(await server.get("unfitted/")), { timeout: 20_000 })
      .toContain('"count":2');
    await page.reload();
    await expect(offered).toContainText("said 2 times");
    await page.emulateMedia({ colorScheme: "dark" });
    await side(page).getByLabel("Sentence to try").fill("freeze everything about my card");
    await expect(side(page).getByText("Closest")).toBeVisible();
    await settled(page);
    await expectAccessible(page);
    await picture(page, "understanding-dark");
    await offered.getByRole("button", { name: "Add" }).click();
    await expect(offered).toHaveCount(0);
    await expect.poll(() => examples("block_card")).toContain("freeze everything about my card");
    await page.emulateMedia({ colorScheme: "light" });
  });

  await test.step("a threshold in place, and a name that all follow", async () => {
    const flows = page.getByRole("region", { name: "Flows that start by an intent" });
    await flows.getByRole("button", { name: /^block a card starts/ }).click();
    await flows.getByRole("textbox").fill("0.8");
    await page.keyboard.press("Enter");
    await expect(
      main(page).getByRole("button", { name: /block a card starts from 0.80/ }),
    ).toBeVisible();
    await main(page).getByRole("button", { name: "Rename" }).click();
    await page.getByRole("dialog").getByLabel("Name").fill("replace_card");
    await expect(page.getByRole("dialog").getByText(/There is already/)).toBeVisible();
    await page.getByRole("dialog").getByLabel("Name").fill("stop card");
    await page.keyboard.press("Enter");
    await expect(main(page).getByRole("heading", { name: "stop_card" })).toBeVisible();
    const flow = await server.get<{ body: { nlu_trigger: unknown } }>("flows/block_card/");
    expect(flow.body.nlu_trigger).toEqual([
      { intent: { name: "stop_card", confidence_threshold: 0.8 } },
    ]);
    await main(page).getByRole("button", { name: "More" }).click();
    await expect(
      page.getByRole("menuitem", { name: /Delete \(used by block a card\)/ }),
    ).toBeDisabled();
    await page.keyboard.press("Escape");
  });

  await test.step("less room: the list opens from the title; on a phone one column at a time", async () => {
    await page.setViewportSize({ width: 1024, height: 768 });
    await settled(page);
    await picture(page, "understanding-1024-light");
    await main(page).getByRole("button", { name: "All of them" }).click();
    await page.getByRole("option", { name: /transfer_money/ }).click();
    await expect(main(page).getByRole("heading", { name: "transfer_money" })).toBeVisible();
    await page.keyboard.press("Escape");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: "dark" });
    await settled(page);
    await expectFits(page);
    await expectAccessible(page);
    await picture(page, "understanding-390-dark");
    await main(page).getByRole("tab", { name: "Try a sentence" }).click();
    await expect(main(page).getByLabel("Sentence to try")).toBeVisible();
    await picture(page, "understanding-390-try-dark");
    await main(page).getByRole("button", { name: "Understanding", exact: true }).click();
    await expect(list(page)).toBeVisible();
  });
});

test("understanding: by the keyboard alone; entities, lists, and who may only look", async ({
  page,
  request,
}) => {
  const assistant = await madeSample(request, `Taught ${Date.now()}`, "bank");
  await signIn(page);
  await page.goto(`/assistants/${assistant}/understanding`);

  await test.step("a new intent, and three ways to say it", async () => {
    await list(page).focus();
    await page.keyboard.press("n");
    await page.keyboard.type("ask fees");
    await page.keyboard.press("Enter");
    await expect(main(page).getByRole("heading", { name: "ask_fees" })).toBeVisible();
    await expect(main(page).getByRole("textbox", { name: "Way 1" })).toBeFocused();
    await page.keyboard.type("what does it cost");
    await page.keyboard.press("Enter");
    await expect(main(page).getByRole("textbox", { name: "Way 2" })).toBeFocused();
    await page.keyboard.type("are there fees");
    await page.keyboard.press("Enter");
    await page.keyboard.type("how much do you charge");
    await picture(page, "understanding-three-light");
    await page.keyboard.press("Enter");
    await expect(grid(page).getByRole("row")).toHaveCount(3);
  });

  await test.step("edited, added below, ticked, moved, removed and taken back", async () => {
    await list(page).focus();
    await page.keyboard.press("Enter");
    await expect(grid(page)).toBeFocused();
    await page.keyboard.press("Enter");
    await page.keyboard.press("End");
    await page.keyboard.type(" to transfer");
    await page.keyboard.press("Control+Enter");
    await page.keyboard.type("tell me your prices");
    await page.keyboard.press("Enter");
    await expect(grid(page).getByRole("row").nth(0)).toContainText("what does it cost to transfer");
    await expect(grid(page).getByRole("row").nth(1)).toContainText("tell me your prices");
    await expect(grid(page)).toBeFocused();
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await expect(page.getByRole("toolbar", { name: "2 selected" })).toBeVisible();
    await page.keyboard.press("m");
    await expect(page.getByRole("textbox", { name: "To the intent" })).toBeFocused();
    await page.keyboard.type("talk");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect(page.getByText("2 examples moved to talk_to_person")).toBeVisible();
    await expect(grid(page).getByRole("row")).toHaveCount(2);
    await expect(grid(page)).toBeFocused();
    await page.keyboard.press("Delete");
    await expect(grid(page).getByRole("row")).toHaveCount(1);
    await page.keyboard.press("Control+z");
    await expect(grid(page).getByRole("row")).toHaveCount(2);
    await savedNow(page);
  });

  await test.step("words are marked by Shift and arrows", async () => {
    await grid(page).focus();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Home");
    for (let letter = 0; letter < 4; letter++) await page.keyboard.press("Shift+ArrowRight");
    await expect(page.getByRole("form", { name: "Mark “what”" })).toBeVisible();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect(grid(page).locator("[data-mark]")).toHaveCount(1);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Home");
    for (let letter = 0; letter < 4; letter++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Enter");
    await expect(grid(page).locator("[data-mark]")).toHaveCount(0);
    await expect(row(page, "what does it cost to transfer")).toBeVisible();
  });

  await test.step("deleted with its examples, and brought back", async () => {
    await main(page).getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await expect(list(page).getByRole("option", { name: /ask_fees/ })).toHaveCount(0);
    await page.keyboard.press("Control+z");
    await expect(main(page).getByRole("heading", { name: "ask_fees" })).toBeVisible();
    await expect(grid(page).getByRole("row")).toHaveCount(2);
  });

  await test.step("entities and lists", async () => {
    await page.getByRole("tab", { name: /Entities/ }).click();
    await page.getByRole("option", { name: /recipient/ }).click();
    await expect(main(page).getByText(/^Marked \d+ times in the examples$/)).toBeVisible();
    await settled(page);
    await expectAccessible(page);
    await picture(page, "understanding-entity-light");
    await page.getByRole("tab", { name: /Lists/ }).click();
    await page.getByRole("button", { name: "New list" }).click();
    await page.getByRole("textbox", { name: "New list" }).fill("credit");
    await page.keyboard.press("Enter");
    await main(page).getByLabel("Ways to say it").fill("Visa\nplastic");
    await savedNow(page);
    await page.reload();
    await expect(main(page).getByLabel("Ways to say it")).toHaveValue("Visa\nplastic");
    await expect(page.getByRole("option", { name: /credit/ })).toContainText("2");
    await picture(page, "understanding-list-light");
  });

  await test.step("the palette finds intents and entities", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("ask_fees");
    await page.getByRole("button", { name: /^ask_fees/ }).click();
    await expect(main(page).getByRole("heading", { name: "ask_fees" })).toBeVisible();
  });

  await test.step("who may only look", async () => {
    const reader = `taught-reader-${Date.now()}`;
    createUser(reader, "Business User");
    await page.context().clearCookies();
    await signIn(page, reader);
    await page.goto(`/assistants/${assistant}/understanding?name=block_card`);
    await expect(row(page, "my wallet is gone")).toBeVisible();
    await row(page, "my wallet is gone").getByText("my wallet is gone").click();
    await expect(main(page).getByRole("textbox")).toHaveCount(0);
    await expect(main(page).getByRole("button", { name: "Add examples" })).toBeDisabled();
    await expect(page.getByText("Said, and fitted nothing")).toHaveCount(0);
  });
});

test("an assistant without intents is told that none is needed", async ({ page, request }) => {
  const server = await serverOf(request, "Without intents");
  await signIn(page);
  await page.goto(`/assistants/${server.id}/understanding`);
  await expect(main(page).getByRole("heading", { name: "No intent is needed" })).toBeVisible();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "understanding-none-light");
});
