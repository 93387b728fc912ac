import { expect, type Page, test } from "@playwright/test";
import { saved, serverOf } from "./authoring";
import { expectFits, picture } from "./pages";
import { expectAccessible, signIn } from "./studio";

const everything = /\/(api|auth)\//;

const renewal = /\/openid-connect\/token$/;

/** What asks for new tokens; each gets its answer when it is called. */
async function slowRenewals(page: Page): Promise<(() => Promise<void>)[]> {
  const asked: (() => Promise<void>)[] = [];
  await page.route(renewal, (route) => void asked.push(() => route.continue()));
  return asked;
}

/** The server refuses connections; the browser is online. */
async function takeAway(page: Page): Promise<void> {
  await page.route(everything, (route) => route.abort("connectionrefused"));
}

test("the server is away: one line says so, work goes on, and everything is sent when it is back", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Outage");
  const body = { name: "goodbye", description: "Say bye.", steps: [{ action: "utter_bye" }] };
  await server.post("responses/", { id: "utter_bye", body: [{ text: "Bye!" }] });
  await server.post("flows/", { id: "goodbye", body });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows/goodbye?step=START`);
  const description = page.getByLabel("Description");
  await expect(description).toHaveValue("Say bye.");
  await page.clock.install();
  await takeAway(page);

  await test.step("it is told once, with what waits", async () => {
    await description.fill("Say bye nicely.");
    await page.clock.runFor(4000);
    const told = page.getByText(/The server does not answer\. Your network is up\./);
    await expect(told).toContainText("1 change waits in this browser.");
    await expect(page.getByText("Not saved yet")).toBeVisible();
    await page.getByRole("button", { name: "1 change" }).click();
    await expect(page.getByRole("dialog")).toContainText("goodbye");
    await expectAccessible(page);
    await picture(page, "outage");
    await page.keyboard.press("Escape");
    await description.fill("Say bye very nicely.");
    await expect(page.getByRole("alert").filter({ hasText: "No answer" })).toHaveCount(0);
  });

  await test.step("however long it lasts, nobody is signed out", async () => {
    await page.clock.runFor("15:00");
    await expect(page.getByText(/The server does not answer/)).toBeVisible();
    await expect(page.getByText("You have been signed out")).toHaveCount(0);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: "dark" });
    await expectFits(page);
    await expectAccessible(page);
    await picture(page, "outage-390-dark");
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await test.step("back again", async () => {
    await page.unroute(everything);
    const renewals = await slowRenewals(page);
    await page.getByRole("button", { name: "Retry" }).click();
    await expect.poll(() => renewals.length).toBe(1);
    await page.clock.runFor(4000); // those who wait ask, too
    expect(renewals).toHaveLength(1);
    for (const answer of renewals) await answer();
    await page.unroute(renewal);
    await expect(page.getByText(/All saved \d\d:\d\d/)).toBeVisible();
    await page.clock.runFor(3000);
    await saved(page);
    await expect(page.getByText(/All saved/)).toHaveCount(0);
    const after = await server.get<{ body: object }>("flows/goodbye/");
    expect(after.body).toMatchObject({ description: "Say bye very nicely." });
  });
});

test("what was asked for while the server is away is said once, and goes with its cause", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Outage of a click");
  await signIn(page);
  await page.goto("/");
  const name = (await server.get<{ name: string }>("")).name;
  const cardOf = page.getByRole("article").filter({ hasText: name });
  await expect(cardOf.first()).toBeVisible();
  await page.clock.install();
  await takeAway(page);
  for (let times = 0; times < 2; times += 1) {
    await cardOf.first().getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).press("Enter"); // the toast may lie over it
  }
  await expect(page.getByText("so this was not done")).toHaveCount(1);
  await page.unroute(everything);
  await page.clock.runFor(6000);
  await expect(page.getByText("so this was not done")).toHaveCount(0);
  await expect(cardOf.first()).toBeVisible();
});
