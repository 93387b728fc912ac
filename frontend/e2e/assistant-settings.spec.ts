import { expect, test } from "@playwright/test";
import { madeSample, serverAt } from "./authoring";
import { expectFits, picture, settled } from "./pages";
import { createUser, expectAccessible, signIn } from "./studio";

test("settings of an assistant: its name, icon and languages", async ({ page, request }) => {
  const name = `Settings ${Date.now()}`;
  const assistant = await madeSample(request, name, "bank");
  const server = await serverAt(request, assistant);
  const original = (await server.get<{ text: string }>("config/")).text;
  await signIn(page);
  await page.goto(`/assistants/${assistant}/settings`);
  const main = page.getByRole("main");
  const sections = page.getByRole("navigation", { name: "Pages of the settings" });

  await test.step("a name is saved by Enter and goes back by Undo; an icon at once", async () => {
    const field = main.getByLabel("Name");
    await field.fill(`${name} of ours`);
    await page.keyboard.press("Enter");
    await expect(page.getByText("The name is changed")).toBeVisible();
    await page.getByRole("button", { name: /Undo/ }).click();
    await expect(field).toHaveValue(name);
    await main.getByRole("radio", { name: "Phone" }).click();
    await expect(page.getByText("The icon is changed")).toBeVisible();
    await field.fill("");
    await page.keyboard.press("Enter");
    await expect(main.getByText("It needs a name.")).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(field).toHaveValue(name);
    await settled(page);
    await expectAccessible(page);
    await picture(page, "assistant-settings-general");
  });

  await test.step("sections by keys", async () => {
    await sections.getByRole("link", { name: "Custom actions" }).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/settings\/languages$/);
    await expect(main.getByRole("heading", { name: "Languages", level: 1 })).toBeVisible();
  });

  const list = main.getByRole("list", { name: "Languages" });
  await test.step("a language by the beginning of its name, and one by a code of one's own", async () => {
    const field = main.getByLabel("Add a language");
    await field.fill("croat");
    await page.keyboard.press("Enter");
    await expect(field).toHaveValue("Croatian (hr)");
    await page.keyboard.press("Enter");
    await expect(list).toContainText("Croatian");
    await field.fill("Klingon");
    await page.keyboard.press("Enter");
    await expect(main.getByText(/Choose a name from the list/)).toBeVisible();
    await field.fill("x-en-formal");
    await page.keyboard.press("Enter");
    await expect(list.getByRole("listitem")).toHaveCount(6);
    const text = (await server.get<{ text: string }>("config/")).text;
    expect(text).toBe(original.replace("  - fr\n", "  - fr\n  - hr\n  - x-en-formal\n"));
    await settled(page);
    await expectAccessible(page);
    await picture(page, "assistant-settings-languages");
  });

  await test.step("one without texts goes at once, one with texts is asked about; both come back", async () => {
    await main.getByRole("button", { name: "More for Croatian" }).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await expect(list).not.toContainText("Croatian");
    await main.getByRole("button", { name: "More for German" }).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText(/\d+ texts have words in German/);
    await expectAccessible(page);
    await dialog.getByRole("button", { name: "Remove" }).click();
    await expect(list).not.toContainText("German");
    await expect(main.getByText("Words in other languages")).toBeVisible();
    await main.getByRole("button", { name: "Add it" }).click();
    await expect(list).toContainText("German");
  });

  await test.step("another default takes its words along, and goes back by Undo", async () => {
    const before = await server.get<{ body: unknown }>("responses/utter_ask_amount/");
    await main.getByRole("button", { name: "More for German" }).click();
    await page.getByRole("menuitem", { name: "Make it the default" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText(/said in German first/);
    await picture(page, "assistant-settings-default");
    await dialog.getByRole("button", { name: "Make it the default" }).click();
    await expect(list.getByRole("listitem").first()).toContainText("German");
    const after = await server.get<{ body: unknown }>("responses/utter_ask_amount/");
    expect(after.body).not.toEqual(before.body);
    // Toasts of the steps before may still be there.
    const told = page.getByRole("status").filter({ hasText: "German is the default now" });
    await told.getByRole("button", { name: /Undo/ }).click();
    await expect(list.getByRole("listitem").first()).toContainText("English");
    const back = await server.get<{ body: unknown }>("responses/utter_ask_amount/");
    expect(back.body).toEqual(before.body);
  });
});

test("config.yml is edited in place; what cannot be read is said with its line and kept", async ({
  page,
  request,
}) => {
  const assistant = await madeSample(request, `Config ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  await signIn(page);
  await page.goto(`/assistants/${assistant}/settings/config`);
  const main = page.getByRole("main");
  const editor = main.locator(".cm-content");
  await editor.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("broken: [\n");
  await expect(main.getByRole("status").first()).toContainText(/^Line \d+: /);
  await settled(page);
  await expectAccessible(page);
  await picture(page, "assistant-settings-config");
  await page.reload();
  await expect(editor).toContainText("broken: [");
  await editor.click();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Delete");
  await page.keyboard.type("# ours\n");
  await expect(main.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
  await expect
    .poll(async () => (await server.get<{ text: string }>("config/")).text)
    .toMatch(/^# ours\nrecipe/);
});

test("settings at 1024, on a phone and in the dark", async ({ page, request }) => {
  const assistant = await madeSample(request, `Looks ${Date.now()}`, "bank");
  await signIn(page);
  for (const [section, width] of [
    ["languages", 1024],
    ["general", 390],
    ["languages", 390],
    ["endpoints", 390],
    ["danger", 1440],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`/assistants/${assistant}/settings/${section}`);
    await settled(page);
    await expectFits(page);
    await expectAccessible(page);
    await picture(page, `assistant-settings-${section}-${width}-dark`);
  }
});

test("deleting asks for the name, and home can undo it", async ({ page, request }) => {
  const name = `Deleted ${Date.now()}`;
  const assistant = await madeSample(request, name, "bank");
  await signIn(page);
  await page.goto(`/assistants/${assistant}/settings/danger`);
  const main = page.getByRole("main");
  await main.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog");
  const submit = dialog.getByRole("button", { name: "Delete" });
  await expect(submit).toBeDisabled();
  await dialog.getByRole("textbox").fill(name);
  await submit.click();
  await expect(page.getByText(`${name} is deleted`)).toBeVisible();
  await page.getByRole("button", { name: /Undo/ }).click();
  await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
});

test("a flow builder reads the settings", async ({ page, request }) => {
  const assistant = await madeSample(request, `Read settings ${Date.now()}`, "bank");
  const builder = `reader-${Date.now()}`;
  createUser(builder, "Flow Builder");
  await signIn(page, builder);
  const main = page.getByRole("main");
  await page.goto(`/assistants/${assistant}/settings/general`);
  await expect(main.getByText(/Changing it needs the role Developer/)).toBeVisible();
  await expect(main.getByLabel("Name")).toHaveAttribute("readonly");
  await page.goto(`/assistants/${assistant}/settings/languages`);
  await expect(main.getByText("German")).toBeVisible();
  await expect(main.getByLabel("Add a language")).toHaveCount(0);
  await page.goto(`/assistants/${assistant}/settings/config`);
  await expect(main.locator(".cm-content")).toHaveAttribute("aria-readonly", "true");
  await page.goto(`/assistants/${assistant}/settings/danger`);
  await expect(main.getByRole("button", { name: "Delete" })).toBeDisabled();
});
