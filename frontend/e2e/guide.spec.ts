import { expect, test } from "@playwright/test";
import { serverOf } from "./authoring";
import { signIn } from "./studio";

test("the guide leads to training where nothing is trained yet", async ({ page, request }) => {
  await serverOf(request, "Never trained"); // the guide is about the newest
  await signIn(page);
  await page.goto("/");
  const guide = page.getByRole("region", { name: "Your first conversation" });
  await guide.getByRole("link", { name: "Train it" }).click();
  await expect(page).toHaveURL(/\/versions\?train=1/);
  await expect(page.getByRole("button", { name: "Start training" })).toBeEnabled();
});
