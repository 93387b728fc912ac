import { expect, type Page, test } from "@playwright/test";
import { serverAt } from "./authoring";
import { expectFits, picture, settled } from "./pages";
import { expectAccessible, signIn } from "./studio";

/** The id in the address, once the assistant is open. */
async function opened(page: Page): Promise<string> {
  await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
  return /assistants\/([^/]+)/.exec(page.url())?.[1] ?? "";
}

test("a new assistant speaks more than one language, by keys alone", async ({ page, request }) => {
  const { keyboard } = page;
  await signIn(page);
  await page.goto("/");
  await page.getByRole("button", { name: "New assistant" }).first().click();
  const dialog = page.getByRole("dialog");
  const chips = dialog.getByRole("list", { name: "Languages" }).getByRole("listitem");
  await dialog.getByLabel("Name", { exact: true }).fill(`Polyglot ${Date.now()}`);
  await expect(chips).toHaveText(["EnglishDefault"]);

  const field = dialog.getByLabel("Add a language");
  await field.fill("croat");
  await keyboard.press("Enter");
  await expect(field).toHaveValue("Croatian (hr)");
  await keyboard.press("Enter");
  await expect(chips).toHaveText(["EnglishDefault", "Croatian"]);
  await field.fill("HR");
  await keyboard.press("Enter");
  await expect(dialog.getByText("The assistant speaks it already.")).toBeVisible();
  await field.fill("Klingon");
  await keyboard.press("Enter");
  await expect(dialog.getByText(/Choose a name from the list/)).toBeVisible();
  await field.fill("x-en-formal");
  await keyboard.press("Enter");
  await field.fill("Welsh (cy)");
  await dialog.getByRole("button", { name: "Add", exact: true }).click();
  await expect(chips).toHaveText(["EnglishDefault", "Croatian", "x-en-formal", "Welsh"]);
  await dialog.getByRole("button", { name: "Remove Welsh" }).focus();
  await keyboard.press("Enter");
  await expect(chips).toHaveCount(3);
  await expect(field).toBeFocused();

  // Another default, which was one of them; and what is still in the field goes along.
  const first = dialog.getByRole("combobox", { name: "Language", exact: true });
  await first.fill("Croatian");
  await keyboard.press("Enter");
  await expect(chips).toHaveText(["CroatianDefault", "x-en-formal"]);
  await field.fill("de-AT");
  await keyboard.press("Escape"); // closes the offers, not the dialog
  await settled(page);
  await expectAccessible(page);
  await picture(page, "new-assistant-languages");
  await page.setViewportSize({ width: 390, height: 800 });
  await expectFits(page);
  await keyboard.press("ControlOrMeta+Enter");

  const server = await serverAt(request, await opened(page));
  const { text } = await server.get<{ text: string }>("config/");
  expect(text).toContain("language: hr\nadditional_languages:\n- x-en-formal\n- de-AT\n");
});

test("a copy of a sample speaks one more; zip and Git are as they come", async ({
  page,
  request,
}) => {
  await signIn(page);
  await page.goto("/");
  await page.getByRole("button", { name: "New assistant" }).first().click();
  const dialog = page.getByRole("dialog");
  const field = dialog.getByLabel("Add a language");
  await dialog.getByText("A Git repository").click();
  await expect(field).toHaveCount(0);
  await dialog.getByText("Everyday banking").click();
  await expect(dialog.getByRole("listitem").filter({ hasText: "EnglishDefault" })).toBeVisible();
  await expect(dialog.getByRole("button", { name: /^Remove/ })).toHaveCount(0);
  await field.fill("Italian");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("button", { name: "Remove Italian" })).toBeVisible();
  await picture(page, "new-assistant-sample-languages");
  await dialog.getByLabel("Name", { exact: true }).fill(`Bank in Italy ${Date.now()}`);
  await page.keyboard.press("Enter");
  const server = await serverAt(request, await opened(page));
  const made = await server.get<{ language: string; additional_languages: string[] }>("");
  expect(made).toMatchObject({ language: "en", additional_languages: ["de", "es", "fr", "it"] });
});
