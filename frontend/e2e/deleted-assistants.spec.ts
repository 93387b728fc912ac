import { join } from "node:path";
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { serverOf } from "./authoring";
import { expectFits, settled } from "./pages";
import { createUser, expectAccessible, signIn } from "./studio";

const pictures = process.env["SCREENSHOTS_DIR"];

/** An empty one; its name. */
async function newAssistant(request: APIRequestContext, name: string): Promise<string> {
  return (await (await serverOf(request, name)).get<{ name: string }>("")).name;
}

async function remove(page: Page, name: string): Promise<void> {
  const card = page.getByRole("article").filter({ hasText: name });
  await card.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(card).toHaveCount(0);
}

test("a deleted assistant is listed with its last day, and comes back", async ({
  page,
  browser,
  request,
}) => {
  const name = await newAssistant(request, "Gone");
  await signIn(page);
  await page.goto("/");
  await remove(page, name);
  await page.getByText("Deleted", { exact: true }).click();
  await expect(page).toHaveURL(/show=deleted/);
  const row = page.getByRole("row", { name });
  const last = new Date(Date.now() + 30 * 24 * 3600 * 1000);
  await expect(row.locator("time").last()).toHaveAttribute(
    "datetime",
    new RegExp(last.toISOString().slice(0, 10)),
  );

  // Who may not delete may not restore either.
  const builder = `builder-${Date.now()}`;
  createUser(builder, "Flow Builder");
  const other = await (await browser.newContext()).newPage();
  await signIn(other, builder);
  await other.goto("/?show=deleted");
  await expect(
    other.getByRole("row", { name }).getByRole("button", { name: "Restore" }),
  ).toBeDisabled();
  await other.context().close();

  await row.getByRole("button", { name: "Restore" }).click();
  await expect(row).toHaveCount(0);
  await page.getByText("In use", { exact: true }).click();
  await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
  await page.getByRole("link", { name, exact: true }).click();
  await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
});

test("one whose name is taken by now stays, and says why", async ({ page, request }) => {
  const name = await newAssistant(request, "Twice");
  await signIn(page);
  await page.goto("/");
  await remove(page, name);
  await page.getByRole("button", { name: "New assistant" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill(name);
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await expect(page).toHaveURL(/assistants/);
  await page.goto("/?show=deleted");
  const row = page.getByRole("row", { name });
  await row.getByRole("button", { name: "Restore" }).click();
  await expect(page.getByText("There is already an assistant")).toBeVisible();
  await expect(row).toBeVisible();
});

test("one is deleted for good by its name, and only by who may", async ({
  page,
  browser,
  request,
}) => {
  const name = await newAssistant(request, "For good");
  await signIn(page);
  await page.goto("/");
  await remove(page, name);
  await page.goto("/?show=deleted");

  // Who may restore it may not delete it for good.
  const developer = `developer-${Date.now()}`;
  createUser(developer, "Developer");
  const other = await (await browser.newContext()).newPage();
  await signIn(other, developer);
  await other.goto("/?show=deleted");
  const theirs = other.getByRole("row", { name });
  await expect(theirs.getByRole("button", { name: "Restore" })).toBeEnabled();
  await expect(theirs.getByRole("button", { name: `More for ${name}` })).toHaveCount(0);
  await other.context().close();

  const row = page.getByRole("row", { name });
  await row.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete for good…" }).click();
  const dialog = page.getByRole("dialog", { name: `Delete ${name} for good?` });
  await expect(dialog).toContainText(/history, all versions with their models, and every conver/);
  const submit = dialog.getByRole("button", { name: "Delete for good" });
  await expect(submit).toBeDisabled();
  const field = dialog.getByLabel(/^Type its name/);
  await expect(field).toBeFocused();
  await settled(page);
  await expectAccessible(page);
  if (pictures) await page.screenshot({ path: join(pictures, "deleted-for-good.png") });
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(row).toBeVisible();

  await row.getByRole("button", { name: `More for ${name}` }).click();
  await page.getByRole("menuitem", { name: "Delete for good…" }).click();
  await field.fill("Something else");
  await expect(submit).toBeDisabled();
  await field.fill(name);
  await page.keyboard.press("Enter");
  await expect(page.getByText(`${name} is deleted for good`)).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.reload();
  await expect(page.getByText("Deleted", { exact: true }).first()).toBeVisible();
  await expect(row).toHaveCount(0);
  await page.goto("/settings/activity");
  await expect(page.getByRole("row", { name: /purged|for good/ }).first()).toContainText(name);
});

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test("deleted assistants at three widths", async ({ page, request }) => {
      const name = await newAssistant(request, `Deleted ${theme}`);
      await signIn(page);
      await page.goto("/");
      await remove(page, name);
      await page.goto("/?show=deleted");
      for (const width of [1440, 1024, 390]) {
        await page.setViewportSize({ width, height: 900 });
        await expect(page.getByRole("button", { name: "Restore" }).first()).toBeVisible();
        await page.getByRole("row", { name }).getByText(name).scrollIntoViewIfNeeded();
        await settled(page);
        await expectAccessible(page);
        await expectFits(page);
        if (pictures)
          await page.screenshot({ path: join(pictures, `deleted-${width}-${theme}.png`) });
      }
      await page.goto("/?show=deleted&search=zebra");
      await expect(page.getByText("No assistant is called “zebra”")).toBeVisible();
      await expectAccessible(page);
    });
  });
}
