import { expect, test } from "@playwright/test";
import { type Item, type Server, serverAt, trained, trainedSample } from "./authoring";
import { expectAccessible, signIn } from "./studio";

test("tests are run from the page; one that fails says why", async ({ page, request }) => {
  test.setTimeout(180_000);
  const id = await trainedSample(request, `Tests page ${Date.now()}`, "bank");
  await signIn(page);
  await page.goto(`/assistants/${id}/tests`);
  await expect(page.getByRole("heading", { name: "e2e_tests/english.yml" })).toBeVisible();
  await page.getByRole("button", { name: "Run all" }).click();
  await expect(page.getByText(/^(\d+) of \1 passed$/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: /^the greeting/ }).click();
  await expect(page.getByText(/welcome to Everyday Bank/).first()).toBeVisible();
  await expect(page.getByRole("link", { name: "transfer_money" })).toBeVisible();
  await expectAccessible(page);

  await greetInsteadOfBranches(await serverAt(request, id));
  await page.reload();
  await page.getByRole("button", { name: "Run all" }).click();
  await expect(page.getByText("Version 2", { exact: true })).toBeVisible();
  await expect(page.getByText(/^(\d+) of \1 passed$/)).toBeHidden();
  await expect(page.getByText(/^\d+ of \d+ passed$/)).toBeVisible({ timeout: 30_000 });
  await page.getByText("Failed", { exact: true }).first().click();
  await expect(page).toHaveURL(/show=failed/);
  const failure = page.getByRole("listitem").filter({ hasText: "a branch with a city" }).first();
  await expect(failure).toContainText(/cards_and_branches\.yml, line \d+/);
  await page.reload();
  await expect(failure).toContainText(/cards_and_branches\.yml, line \d+/);
  await expectAccessible(page);
  await failure.getByRole("button", { name: /^Run a branch/ }).click();
  await expect(page.getByText("0 of 1 passed")).toBeVisible({ timeout: 30_000 });
});

/** What the tests about branches expect is no longer said. */
async function greetInsteadOfBranches(server: Server): Promise<void> {
  const { revision, body } = await server.get<Item<object>>("flows/find_branch/");
  const steps = [{ action: "utter_greet" }];
  await server.put("flows/find_branch/", { revision, body: { ...body, steps } });
  await trained(server);
}
