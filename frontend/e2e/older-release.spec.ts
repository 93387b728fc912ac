import { expect, test } from "@playwright/test";
import { trainedSample } from "./authoring";
import { accessToken, expectAccessible, madeOlder, signIn } from "./studio";

test("a version of an older release says so, and is trained again from the chat", async ({
  page,
  request,
}) => {
  const assistant = await trainedSample(request, `Older release ${Date.now()}`, "bank");
  const base = `/api/v1/assistants/${assistant}/versions/`;
  const headers = { Authorization: `Bearer ${await accessToken(request)}` };
  const [version] = (await (await request.get(base, { headers })).json()).results;
  await request.post(`${base}${version.id}/stop/`, { headers });
  madeOlder(version.model_name);
  await signIn(page);
  await page.goto(`/assistants/${assistant}/versions`);
  await page.getByRole("button", { name: "Start again" }).click();
  await expect(page.getByText("Older release", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Train again" })).toBeVisible();
  await expectAccessible(page);

  await page.goto(`/assistants/${assistant}/try`);
  await expect(page.getByText("Version 1 is of an older release")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Train again" }).click();
  await page.getByLabel("Write a message").fill("How much is in my savings account?");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: "Messages" })).toContainText("€8350");
});
