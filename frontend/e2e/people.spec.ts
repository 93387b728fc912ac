import { join } from "node:path";
import { expect, test } from "@playwright/test";
import { expectAccessible, signIn } from "./studio";

const pictures = process.env["SCREENSHOTS_DIR"];

test("an administrator adds a person, changes roles, and finds it in the record", async ({
  page,
}) => {
  const name = `mei-${Date.now()}`;
  await signIn(page);
  await page.goto("/");
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  await expect(page.getByRole("heading", { name: "People and roles" })).toBeVisible();
  await page.getByRole("button", { name: "Add a person" }).click();
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("First password").fill("short");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("This password is too short.")).toBeVisible();
  await page.getByLabel("First password").fill(process.env["STUDIO_ADMIN_PASSWORD"] ?? "");
  await page.getByLabel("Business User").check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByLabel("Find a person").fill(name);
  await expect(page).toHaveURL(new RegExp(`search=${name}`));
  const row = page.getByRole("row", { name });
  await expect(row).toContainText("Business User");

  await row.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Change roles" }).click();
  await page.getByLabel("Business User").uncheck();
  await page.getByLabel("Developer").check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("Developer");

  await row.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Switch off" }).click();
  await expect(row).toContainText("Switched off");

  await page.getByRole("link", { name: "Activity record" }).click();
  const navigation = page.getByRole("navigation", { name: "Main" });
  await expect(navigation.getByRole("link", { name: "Settings" })).toHaveAttribute(
    "aria-current",
    "page",
  );
  await page.getByLabel("Person, object or address").fill(name);
  const entries = page.getByRole("row").filter({ has: page.getByRole("gridcell") });
  await expect(entries).toHaveCount(3);
  await expect(entries.first()).toContainText("Switched off");
  await expect(entries.first()).toContainText("admin");
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export as CSV" }).click();
  expect((await saving).suggestedFilename()).toBe("audit.csv");
});

test("the last administrator cannot lock everybody out", async ({ page }) => {
  await signIn(page);
  await page.goto("/settings/people?search=admin");
  const row = page.getByRole("row", { name: /admin/i }).last();
  await row.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Switch off" }).click();
  await expect(page.getByText("the only SuperUser who can sign in")).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  for (const [name, address] of [
    ["people", "/settings/people"],
    ["people-none", "/settings/people?search=zebra"],
    ["activity", "/settings/activity"],
  ] as const) {
    test.describe(theme, () => {
      test.use({ colorScheme: theme });

      test(name, async ({ page }) => {
        await signIn(page);
        await page.goto(address);
        await expect(page.getByRole("main")).toContainText(/admin|No person matches/i);
        await expectAccessible(page);
        if (pictures) await page.screenshot({ path: join(pictures, `${name}-${theme}.png`) });
      });
    });
  }
}

test("a list that cannot be had says so and can be asked for again", async ({ page }) => {
  await signIn(page);
  await page.routeWebSocket(/\/api\/ws\//, () => {}); // news would have the list asked for again
  await page.route(/\/api\/v1\/users\/\?/, (route) => route.fulfill({ status: 500, body: "{}" }));
  await page.goto("/settings/people");
  const again = page.getByRole("button", { name: "Try now" });
  await expect(again).toBeVisible();
  await page.unroute(/\/api\/v1\/users\/\?/);
  await again.click();
  await expect(page.getByRole("row", { name: /admin/i })).toBeVisible();
});
