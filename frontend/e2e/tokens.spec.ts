import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { createUser, expectAccessible, signIn, signInByForm } from "./studio";

const pictures = process.env["SCREENSHOTS_DIR"];

async function picture(page: Page, name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme, permissions: ["clipboard-read", "clipboard-write"] });

    test("somebody makes an access token, a program uses it, and it is revoked", async ({
      page,
      request,
    }) => {
      const person = `scripter-${theme}-${Date.now()}`;
      createUser(person, "Developer");
      await signInByForm(page, person);
      await page.getByRole("button", { name: /^Account/ }).click();
      await page.getByRole("menuitem", { name: "Access tokens" }).click();
      await expect(page.getByRole("heading", { name: "You have no access token" })).toBeVisible();
      await expectAccessible(page);
      await picture(page, `tokens-none-${theme}`);

      // By the keyboard alone.
      await page.getByRole("button", { name: "Make an access token" }).focus();
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog");
      await expect(dialog.getByLabel("Name")).toBeFocused();
      await page.keyboard.type("Nightly export");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await dialog.getByRole("checkbox", { name: "Training" }).check();
      await dialog.getByRole("checkbox", { name: "Models" }).check();
      await expectAccessible(page);
      await picture(page, `tokens-make-${theme}`);
      await dialog.getByRole("button", { name: "Make it" }).click();

      const field = dialog.getByLabel("Access token");
      await expect(field).toBeFocused();
      const token = await field.inputValue();
      expect(token).toMatch(/^studio_pat_[0-9a-f]{64}$/);
      await page.keyboard.press("Escape");
      await expect(field, "what is shown once does not go by chance").toBeVisible();
      await expectAccessible(page);
      await picture(page, `tokens-made-${theme}`);
      await dialog.getByRole("button", { name: "Copy" }).click();
      await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe(token);
      await dialog.getByRole("button", { name: "Done" }).click();

      const row = page.getByRole("row", { name: /Nightly export/ });
      await expect(row).toContainText("Not used yet");
      await expect(row).toContainText("+1");
      await expect(page.getByText(token)).toHaveCount(0);

      const headers = { Authorization: `Bearer ${token}` };
      const me = await request.get("/api/v1/me/", { headers });
      expect(((await me.json()) as { username: string }).username).toBe(person);
      const refused = await request.post("/api/v1/assistants/", { headers, data: { name: "A" } });
      expect(refused.status()).toBe(403);
      await page.reload();
      await expect(row).not.toContainText("Not used yet");
      await expectAccessible(page);
      await picture(page, `tokens-${theme}`);

      await page.getByRole("button", { name: "Make an access token" }).click();
      await dialog.getByLabel("Name").fill("Nightly export");
      await dialog.getByRole("checkbox", { name: "Models" }).check();
      await dialog.getByRole("button", { name: "Make it" }).click();
      await expect(dialog.getByText("There is already an access token called")).toBeVisible();
      await dialog.getByRole("button", { name: "Cancel" }).click();

      await row.getByRole("button", { name: "Revoke Nightly export" }).click();
      await expect(dialog).toContainText("Revoke Nightly export?");
      await expectAccessible(page);
      await picture(page, `tokens-revoke-${theme}`);
      await dialog.getByRole("button", { name: "Revoke" }).click();
      await expect(page.getByRole("heading", { name: "You have no access token" })).toBeVisible();
      expect((await request.get("/api/v1/me/", { headers })).status()).toBe(401);
    });
  });
}

test("tokens that cannot be had say so and can be asked for again", async ({ page }) => {
  await signIn(page);
  await page.route(/\/api\/v1\/me\/tokens\/\?/, (route) =>
    route.fulfill({ status: 500, body: "{}" }),
  );
  await page.goto("/settings/tokens");
  const again = page.getByRole("button", { name: "Try now" });
  await expect(again).toBeVisible();
  await page.unroute(/\/api\/v1\/me\/tokens\/\?/);
  await again.click();
  await expect(page.getByRole("heading", { name: "You have no access token" })).toBeVisible();
});
