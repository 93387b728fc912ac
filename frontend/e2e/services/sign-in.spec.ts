import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { expectAccessible } from "../studio";
import { expectHome, expectSignInPage, setRealm, signIn, signOut } from "./realm";

const pictures = process.env["SCREENSHOTS_DIR"];

test("one signs in through Keycloak, stays so over a reload, and signs out everywhere", async ({
  page,
  context,
}) => {
  await signIn(page, "superuser");
  await page.reload();
  await expectHome(page);
  const other = await context.newPage();
  await other.goto("/");
  await expectHome(other);
  await signOut(page, "SuperUser Example");
  await expectSignInPage(page);
  await expect(other.getByRole("dialog", { name: "You have been signed out" })).toBeVisible();
  await other.goto("/");
  await expectSignInPage(other);
});

test("a wrong password is said, and lets nobody in", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("Email or user name").fill("superuser");
  await page.getByLabel("Password", { exact: true }).fill("wrong");
  await page.getByRole("button", { name: "Sign In" }).click();
  await expect(page.getByText("Invalid username or password.")).toBeVisible();
  await expectAccessible(page);
});

test("tokens are renewed in silence while one works", async ({ page, request }) => {
  await setRealm(request, { accessTokenLifespan: 50 }); // renewed 45 seconds before its end
  const renewed = page.waitForRequest(
    (each) => each.url().endsWith("/token") && each.postData()?.includes("refresh_token") === true,
    { timeout: 30_000 },
  );
  await signIn(page, "developer");
  expect((await (await renewed).response())?.status()).toBe(200);
  await page.getByRole("link", { name: "Home" }).click();
  await expectHome(page);
  await setRealm(request, { accessTokenLifespan: 300 });
});

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test("Keycloak's page looks like Studio", async ({ page }) => {
      await page.goto("/");
      await expectSignInPage(page);
      await expectAccessible(page);
      const button = page.getByRole("button", { name: "Sign In" });
      const accent = theme === "light" ? "rgb(10, 110, 115)" : "rgb(79, 199, 196)";
      await expect(button).toHaveCSS("background-color", accent);
      if (pictures) await page.screenshot({ path: join(pictures, `keycloak-${theme}.png`) });
    });
  });
}
