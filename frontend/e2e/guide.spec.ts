import { expect, test } from "@playwright/test";
import { serverOf } from "./authoring";
import { signIn } from "./studio";

test("an assistant made on Home greets, has one flow, and is trained at once", async ({ page }) => {
  await signIn(page);
  await page.goto("/");
  await page.getByRole("button", { name: "New assistant" }).first().click();
  await page.getByRole("dialog").getByLabel("Name").fill(`Begun ${Date.now()}`);
  await page.getByRole("dialog").getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
  await expect(page.getByText("what I can do").first()).toBeVisible();
  await page.goto(`${new URL(page.url()).pathname.replace(/\/flows$/, "/versions")}`);
  await expect(page.getByText("Ready").first()).toBeVisible({ timeout: 30_000 });
});

test("the guide leads to training where nothing is trained yet", async ({ page, request }) => {
  await serverOf(request, "Never trained"); // the guide is about the newest
  await signIn(page);
  await page.goto("/");
  const guide = page.getByRole("region", { name: "Your first conversation" });
  await guide.getByRole("link", { name: "Train it" }).click();
  await expect(page).toHaveURL(/\/versions\?train=1/);
  await expect(page.getByRole("button", { name: "Start training" })).toBeEnabled();
});
