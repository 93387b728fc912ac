import { expect, test } from "@playwright/test";
import { expectAccessible } from "../studio";
import { signIn } from "./realm";

test("the people of Keycloak are listed, and their groups changed", async ({ page }) => {
  await signIn(page, "superuser");
  await page.getByRole("link", { name: "Settings" }).click();
  const console = page.getByRole("link", { name: "Open Keycloak" });
  await expect(console).toHaveAttribute("href", /\/admin\/rasa-studio\/console\//);
  await expect(page.getByRole("button", { name: "Add a person" })).toHaveCount(0);
  await page.getByLabel("Find a person").fill("businessuser");
  const row = page.getByRole("row", { name: /Business User Example/ });
  await row.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Change roles" }).click();
  await page.getByRole("checkbox", { name: "Developer", exact: true }).check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("Developer");

  await row.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Invite" }).click();
  await expect(page.getByRole("button", { name: "Open the page" })).toBeVisible();

  await row.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Sign out everywhere" }).click();
  await expect(page.getByText("Business User Example is signed out everywhere")).toBeVisible();
});
