import { expect, test } from "@playwright/test";
import { madeSample, serverAt } from "./authoring";
import { expectFits, picture, settled, takeBack } from "./pages";
import { createUser, expectAccessible, signIn } from "./studio";

test("slots: made by keys, given values, ways and conditions, renamed, found where they are used", async ({
  page,
  request,
}) => {
  const assistant = await madeSample(request, `Slots ${Date.now()}`, "bank");
  await signIn(page);
  await page.goto(`/assistants/${assistant}/slots?name=amount`);
  const list = page.getByRole("listbox", { name: "Slots" });
  const main = page.getByRole("main");
  const uses = page.getByRole("complementary");

  await test.step("where a slot is used, and the way there", async () => {
    await expect(main.getByRole("heading", { name: "amount" })).toBeVisible();
    await expect(uses.getByText(/^\d+ places$/)).toBeVisible();
    await expect(uses.getByRole("link", { name: "Ask amount" }).first()).toBeVisible();
    await settled(page);
    await expectAccessible(page);
    await picture(page, "slots");
    await uses.getByRole("link").first().click();
    await expect(page).toHaveURL(/flows\/transfer_money\?step=/);
    await page.goBack();
    await expect(main.getByRole("heading", { name: "amount" })).toBeVisible();
  });

  await test.step("the palette finds slots, responses by their words, and actions", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("security_c");
    await page.getByRole("button", { name: /^security_code/ }).click();
    await expect(main.getByRole("heading", { name: "security_code" })).toBeVisible();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("who would you like to pay");
    await expect(page.getByRole("button", { name: /^Ask for recipient/ })).toBeVisible();
    await page.keyboard.press("Escape");
  });

  await test.step("a choice with three values, by the keyboard alone", async () => {
    await list.focus();
    await page.keyboard.press("n");
    await page.keyboard.type("card reason");
    await page.keyboard.press("Enter");
    await expect(main.getByRole("heading", { name: "card_reason" })).toBeVisible();
    await list.focus();
    await page.keyboard.press("Enter");
    await expect(main.getByLabel("Type", { exact: true })).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await page.getByRole("option", { name: "Choice", exact: true }).click();
    await main.getByRole("button", { name: "Add a value" }).click();
    await page.keyboard.type("stolen");
    await page.keyboard.press("Enter");
    await page.keyboard.type("lost");
    await page.keyboard.press("Enter");
    await page.keyboard.type("damaged");
    await page.keyboard.press("Alt+ArrowUp");
    await expect(main.getByRole("textbox", { name: "Value 2" })).toHaveValue("damaged");
    await main.getByLabel("Starts as", { exact: true }).click();
    await page.getByRole("option", { name: "lost", exact: true }).click();
    await expect(main.getByText(/^Saved \d\d:\d\d$/)).toHaveAttribute("aria-busy", "false");
    await page.reload();
    await expect(main.getByRole("textbox", { name: "Value 3" })).toHaveValue("lost");
    await expect(list.getByRole("option", { selected: true })).toContainText("3 values");
  });

  await test.step("ways to fill it, and what is not accepted", async () => {
    await main.getByRole("button", { name: "Add a way" }).click();
    await main.getByLabel("Way 1", { exact: true }).click();
    await page.getByRole("option", { name: "A value, by the intent", exact: true }).click();
    await expect(main.getByText(/needs “value”/)).toBeVisible();
    await main.getByRole("textbox", { name: "Value", exact: true }).fill("stolen");
    await expect(main.getByText(/needs “value”/)).toHaveCount(0);
    await main.getByRole("button", { name: "Add a condition" }).click();
    await expect(
      main.getByText(/needs “if” and “utter”|Choose a slot|Finish/).first(),
    ).toBeVisible();
    await main.getByRole("button", { name: "Remove condition 1" }).click();
    await expect(main.getByText("Every value of its type is accepted.")).toBeVisible();
  });

  await test.step("a new name, which everything follows; Undo; deleted and brought back", async () => {
    await page.keyboard.press("F2");
    const name = page.getByRole("dialog").getByLabel("Name");
    await name.fill("AMOUNT");
    await expect(page.getByText("There is already a slot “amount”.")).toBeVisible();
    await name.fill("reason_of_block");
    await page.keyboard.press("Enter");
    await expect(main.getByRole("heading", { name: "reason_of_block" })).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await main.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await expect(list.getByRole("option", { name: /reason_of_block/ })).toHaveCount(0);
    await takeBack(page);
    await expect(main.getByRole("heading", { name: "reason_of_block" })).toBeVisible();
    await list.getByRole("option", { name: /^amount/ }).click();
    await main.getByRole("button", { name: "More" }).click();
    await expect(page.getByRole("menuitem", { name: /Delete \(used in/ })).toBeDisabled();
    await page.keyboard.press("Escape");
  });

  await test.step("a phone in the dark", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`/assistants/${assistant}/slots?name=risk_level`);
    await expect(main.getByRole("textbox", { name: "Value 1" })).toHaveValue("low");
    await expectFits(page);
    await settled(page);
    await expectAccessible(page);
    await picture(page, "slots-390-dark");
    await main.getByRole("tab", { name: "Used in" }).click();
    await expect(main.getByRole("link").first()).toBeVisible();
    await main.getByRole("button", { name: "Slots & actions", exact: true }).click();
    await expect(list).toBeVisible();
  });
});

test("a value is renamed where it stands; an action is run from its page", async ({
  page,
  request,
}) => {
  const assistant = await madeSample(request, `Values ${Date.now()}`, "bank");
  await signIn(page);
  const main = page.getByRole("main");

  await test.step("a value that steps set is renamed with them, and back; removing it shows where it stands", async () => {
    await page.goto(`/assistants/${assistant}/slots?name=risk_level`);
    const value = main.getByRole("textbox", { name: "Value 1" });
    const dialog = page.getByRole("dialog");
    await expect(
      main.getByRole("button", { name: "Rename the value low everywhere" }),
    ).toBeVisible();
    await value.click();
    await expect(dialog.getByRole("link", { name: "Flow transfer money" })).toBeVisible();
    await settled(page);
    await picture(page, "slots-value");
    await expectAccessible(page);
    await dialog.getByLabel("Name", { exact: true }).fill("HIGH");
    await expect(dialog.getByText("There is already a value “high”.")).toBeVisible();
    await dialog.getByLabel("Name", { exact: true }).fill("harmless");
    await page.keyboard.press("Enter");
    await expect(
      page.getByText("The value is now called harmless; one place follows."),
    ).toBeVisible();
    await expect(value).toHaveValue("harmless");
    await takeBack(page);
    await expect(value).toHaveValue("low");
    await main.getByRole("button", { name: "Remove the value low", exact: true }).click();
    await expect(dialog.getByRole("link", { name: "Flow transfer money" })).toBeVisible();
    await dialog.getByRole("button", { name: "Remove anyway" }).click();
    await expect(value).toHaveValue("high");
  });

  await test.step("actions: where they run, their code, and a run of it with chosen slots", async () => {
    await page.getByRole("tab", { name: /Actions/ }).click();
    await expect(main.getByRole("link", { name: /exchange rate/i })).toBeVisible();
    await expect(main.getByText("class LookUpExchangeRate(Action):")).toBeVisible();
    const happened = main.getByRole("region", { name: "What happened" });
    await main.getByRole("button", { name: "Run it" }).click();
    await expect(happened.getByText(/^custom action .* KeyError: None/)).toBeVisible({
      timeout: 20_000,
    });
    await expect(happened.getByRole("button", { name: /^actions\/.*, line \d+$/ })).toBeVisible();
    await main.getByLabel("Value of currency", { exact: true }).click();
    await page.getByRole("option", { name: "dollar", exact: true }).click();
    await page.keyboard.press("Control+Enter");
    await expect(happened.getByText("Worked")).toBeVisible({ timeout: 20_000 });
    await expect(happened.getByText("1.09")).toBeVisible();
    await settled(page);
    await expectAccessible(page);
    await picture(page, "actions");
  });
});

test("who may only look sees slots, and cannot change them", async ({ page, request }) => {
  const assistant = await madeSample(request, `Slots seen ${Date.now()}`, "bank");
  const reader = `slot-reader-${Date.now()}`;
  createUser(reader, "Business User");
  await signIn(page, reader);
  await page.goto(`/assistants/${assistant}/slots?name=risk_level`);
  const main = page.getByRole("main");
  await expect(main.getByRole("textbox", { name: "Value 1" })).toHaveAttribute("readonly");
  await expect(main.getByRole("button", { name: "Add a value" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "New slot" })).toBeDisabled();
});

test("slots and actions that nothing uses are found, and go", async ({ page, request }) => {
  const assistant = await madeSample(request, `Unused slots ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  await server.post("slots/", { id: "old_offer", body: { type: "text" } });
  await server.post("actions/", { id: "action_old_offer", body: null });
  await signIn(page);
  await page.goto(`/assistants/${assistant}/slots`);
  const list = page.getByRole("listbox", { name: "Slots" });
  await expect(list.getByRole("option", { name: /amount/ }).first()).toBeVisible();
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByRole("menuitem", { name: "Used" }).click();
  await page.getByRole("menuitem", { name: "Nowhere" }).click();
  await expect(list.getByRole("option")).toHaveText([/old_offer/]);
  await expect(page).toHaveURL(/used=no/);
  await list.getByRole("option").click();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "slots-unused");
  await page.getByRole("tab", { name: /^Actions/ }).click();
  await expect(page.getByRole("listbox", { name: "Actions" }).getByRole("option")).toHaveText([
    /action_old_offer/,
  ]);
  await page.reload();
  await expect(page.getByRole("listbox", { name: "Actions" }).getByRole("option")).toHaveCount(1);
  for (const width of [1024, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await expectFits(page);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goto(`/assistants/${assistant}/slots?used=no&name=old_offer`);
  await page.getByRole("main").getByRole("button", { name: "More" }).first().click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByText("Everything is used")).toBeVisible();
});
