import { type APIRequestContext, expect, test } from "@playwright/test";
import { madeSample } from "./authoring";
import { expectFits, picture, settled, takeBack } from "./pages";
import { accessToken, createUser, expectAccessible, signIn } from "./studio";

/** What a program writes: another text for a response. */
async function say(request: APIRequestContext, assistant: string, id: string, text: string) {
  const headers = { Authorization: `Bearer ${await accessToken(request)}` };
  const address = `/api/v1/assistants/${assistant}/responses/${id}/`;
  const item = (await (await request.get(address, { headers })).json()) as {
    revision: number;
    body: Record<string, unknown>[];
  };
  const [first, ...others] = item.body;
  const body = [{ ...first, text }, ...others];
  const answer = await request.put(address, { headers, data: { revision: item.revision, body } });
  expect(answer.status()).toBe(200);
}

test("what changed, by whom and how, and the way back to it", async ({ page, request }) => {
  const assistant = await madeSample(request, `History ${Date.now()}`, "bank");
  await say(request, assistant, "utter_ask_amount", "How many euros shall I send?");
  await say(request, assistant, "utter_ask_recipient", "Who shall get the money?");
  await signIn(page);
  await page.goto(`/assistants/${assistant}/history`);
  const changes = page.getByRole("listbox", { name: "Changes" });
  const main = page.getByRole("main");

  await test.step("the newest is open: both texts stand side by side", async () => {
    await expect(changes.getByRole("option")).toHaveCount(3);
    await expect(changes.getByRole("option").last()).toContainText("Made from the sample");
    await expect(main.getByRole("deletion")).not.toHaveCount(0);
    await expect(main).toContainText("Who shall get the money?");
    await expect(main).toContainText("by a program");
    await settled(page);
    await expectAccessible(page);
    await picture(page, "history");
  });

  await test.step("keys: the list by arrows and by n and p", async () => {
    await changes.focus();
    await page.keyboard.press("ArrowDown");
    await expect(main).toContainText("How many euros shall I send?");
    await page.keyboard.press("p");
    await expect(main).toContainText("Who shall get the money?");
    await page.keyboard.press("n");
    await expect(page).toHaveURL(/commit=2/);
  });

  await test.step("back to before, and Undo takes that back", async () => {
    await main.getByRole("button", { name: "Go back to the state before" }).click();
    await expect(page.getByText("Ask for amount is as it was then.")).toBeVisible();
    await expect(changes.getByRole("option")).toHaveCount(4);
    await changes.getByRole("option").first().click();
    await expect(main).toContainText("by going back");
    await takeBack(page);
    await expect(changes.getByRole("option")).toHaveCount(5);
    await changes.getByRole("option").first().click();
    await expect(main.getByRole("insertion").first()).toBeVisible();
  });

  await test.step("everything back to the beginning", async () => {
    await changes.getByRole("option").last().click();
    await page.getByRole("button", { name: "More", exact: true }).click();
    await page.getByRole("menuitem", { name: "Bring everything back to this state" }).click();
    await page.getByRole("button", { name: "Bring it back" }).click();
    await expect(page.getByText("Everything is as it was then.")).toBeVisible();
    await expect(changes.getByRole("option")).toHaveCount(6);
    await changes.getByRole("option").first().click();
    await expect(main).toContainText("2 things changed");
    await page.goto(`/assistants/${assistant}/history?kind=response&key=utter_ask_amount`);
    await expect(changes.getByRole("option")).toHaveCount(5);
    await expect(main).not.toContainText("2 things changed");
  });

  await test.step("a filter that nothing fits; a phone; the dark", async () => {
    await page.getByRole("textbox", { name: "Words of a change" }).fill("no such words");
    await expect(page.getByText("No change fits")).toBeVisible();
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`/assistants/${assistant}/history?commit=2`);
    await expect(main).toContainText("How many euros shall I send?");
    await expectFits(page);
    await settled(page);
    await expectAccessible(page);
    await picture(page, "history-390-dark");
    await page.getByRole("button", { name: "History", exact: true }).click();
    await expect(changes).toBeVisible();
    await picture(page, "history-390-dark-list");
  });
});

test("who may only look sees the changes, and the ways back are off", async ({ page, request }) => {
  const assistant = await madeSample(request, `Looked at ${Date.now()}`, "bank");
  const reader = `reader-${Date.now()}`;
  createUser(reader, "Business User");
  await signIn(page, reader);
  await page.goto(`/assistants/${assistant}/history`);
  await page.getByText(/Flow transfer money was made/i).click();
  await expect(page.getByRole("button", { name: "Go back to this state" }).first()).toBeDisabled();
});
