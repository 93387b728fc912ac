import { expect, test } from "@playwright/test";
import { serverOf } from "./authoring";
import { signIn } from "./studio";

const OWN = {
  description: "Flow for when nothing else is left to do.",
  name: "pattern completed",
  steps: [{ id: "own_words", action: "utter_can_do_something_else" }],
};

test("a system flow is reset to its default, and the reset is undone", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "System flows");
  const own = "system-flows/pattern_completed/";
  const { revision } = await server.get<{ revision: number }>(own);
  await server.put(own, { revision, body: OWN });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows?tab=system`);
  const row = page.getByRole("row", { name: /pattern completed/ });
  await expect(row).toContainText("Customised");

  await row.hover();
  await row.getByRole("button", { name: "Reset to default" }).click();
  const told = page.getByRole("status").filter({ hasText: "is as it came" });
  await expect(page.getByText("Customised", { exact: true })).toHaveCount(0);
  await told.getByRole("button", { name: "Undo" }).click();
  await expect(row).toContainText("Customised");
  const steps = (await server.get<{ body: typeof OWN }>(own)).body.steps;
  expect(steps.map((step) => step.id)).toEqual(["own_words"]);
});
