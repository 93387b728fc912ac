import { expect, test } from "@playwright/test";
import { type Item, madeSample, saved, serverAt, serverOf, trained } from "./authoring";
import { picture, takeBack } from "./pages";
import { expectAccessible, signIn } from "./studio";

/** What people of different trades come to Studio for, from end to end. */

test("a developer edits the code of an action, trains, and hears it", async ({ page, request }) => {
  test.setTimeout(120_000);
  const assistant = await madeSample(request, `Rates ${Date.now()}`, "bank");
  await signIn(page);
  await page.goto(`/assistants/${assistant}/slots`);
  await page.getByRole("tab", { name: /Actions/ }).click();
  const code = page.getByRole("main").locator(".cm-content");
  await code.getByText("1.09").click();
  await page.keyboard.press("End");
  await page.keyboard.press("Shift+Home");
  await page.keyboard.type('RATES = {"dollar": 1.25, "franc": 0.95, "pound": 0.85}');
  await saved(page);
  await trained(await serverAt(request, assistant));
  await page.goto(`/assistants/${assistant}/try`);
  const say = async (text: string) => {
    await page.getByLabel("Write a message").fill(text);
    await page.getByLabel("Write a message").press("Enter");
  };
  const chat = page.getByRole("list", { name: "Messages" });
  await say("what is the exchange rate");
  await expect(chat).toContainText(/currency/i);
  await say("dollar");
  await expect(chat).toContainText("1.25", { timeout: 20_000 });
});

test("two people in one response: what they changed apart is joined, the same words are asked about", async ({
  page,
  browser,
  request,
}) => {
  const server = await serverOf(request, "Two writers");
  const body = [{ text: "Good morning." }, { text: "Good evening." }];
  await server.post("responses/", { id: "utter_greet", body });
  const address = `/assistants/${server.id}/responses?response=utter_greet`;
  await signIn(page);
  await page.goto(address);
  const first = page.getByRole("textbox", { name: "Text of variation 1" });
  await expect(first).toHaveValue("Good morning.");
  const context = await browser.newContext();
  const other = await context.newPage();
  await signIn(other);
  await other.goto(address);
  const theirs = other.getByRole("textbox", { name: "Text of variation 2" });

  await page.context().setOffline(true);
  await first.fill("Good morning to you.");
  await theirs.fill("Good evening to you.");
  await saved(other);
  await page.context().setOffline(false);
  await saved(page);
  await expect(page.getByRole("textbox", { name: "Text of variation 2" })).toHaveValue(
    "Good evening to you.",
  );
  await expect(other.getByRole("textbox", { name: "Text of variation 1" })).toHaveValue(
    "Good morning to you.",
  );

  await page.context().setOffline(true);
  await first.fill("A fine morning.");
  await other.getByRole("textbox", { name: "Text of variation 1" }).fill("A grey morning.");
  await saved(other);
  await page.context().setOffline(false);
  const conflict = page.getByRole("alertdialog");
  await expect(conflict).toContainText("A grey morning.");
  await conflict.getByRole("button", { name: "Use mine" }).click();
  await saved(page);
  await expect(other.getByRole("textbox", { name: "Text of variation 1" })).toHaveValue(
    "A fine morning.",
  );
  const stored = async () => (await server.get<Item<unknown>>("responses/utter_greet/")).body;
  expect(await stored()).toEqual([{ text: "A fine morning." }, { text: "Good evening to you." }]);

  await page.context().setOffline(true);
  await first.fill("A bright morning.");
  await other.getByRole("textbox", { name: "Text of variation 1" }).fill("A cold morning.");
  await saved(other);
  await page.context().setOffline(false);
  await expect(conflict).toContainText("A cold morning.");
  await expectAccessible(page);
  await picture(page, "keep-both");
  await conflict.getByRole("button", { name: "Keep both" }).click();
  await expect(conflict).toBeHidden();
  await saved(page);
  const both = ["A bright morning.", "A cold morning.", "Good evening to you."];
  for (const side of [page, other])
    for (const [index, text] of both.entries())
      await expect(
        side.getByRole("textbox", { name: `Text of variation ${index + 1}` }),
      ).toHaveValue(text);
  expect(await stored()).toEqual(both.map((text) => ({ text })));
  await context.close();
});

const PLACES = 40;

test("a slot that stands in 40 places is renamed in all of them, and back", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Forty places");
  await server.post("slots/", { id: "town", body: { type: "text" } });
  const half = Array.from({ length: PLACES / 2 }, (_, index) => index);
  const steps = half.map((index) => ({
    id: `set_${index}`,
    set_slots: [{ town: `Town ${index}` }],
  }));
  await server.post("flows/", { id: "towns", body: { description: "Towns.", steps } });
  for (const index of half) {
    const text = `Welcome to {town}, number ${index}.`;
    await server.post("responses/", { id: `utter_welcome_${index}`, body: [{ text }] });
  }
  const content = async () =>
    JSON.stringify([
      await server.get<Item<unknown>>("flows/towns/").then(({ body }) => body),
      await Promise.all(
        half.map(
          async (index) =>
            (await server.get<Item<unknown>>(`responses/utter_welcome_${index}/`)).body,
        ),
      ),
    ]);
  const before = await content();
  expect(before.match(/town\b/g)).toHaveLength(PLACES);
  await signIn(page);
  await page.goto(`/assistants/${server.id}/slots?name=town`);
  await expect(page.getByRole("main").getByRole("heading", { name: "town" })).toBeVisible();
  await page.keyboard.press("F2");
  await page.getByRole("dialog").getByLabel("Name").fill("place");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main").getByRole("heading", { name: "place" })).toBeVisible();
  expect(await content()).toBe(before.replace(/town\b/g, "place"));
  await takeBack(page);
  await expect(page.getByRole("main").getByRole("heading", { name: "town" })).toBeVisible();
  expect(await content()).toBe(before);
});
