import { join } from "node:path";
import { type APIRequestContext, type Browser, expect, type Page, test } from "@playwright/test";
import { expectFits, settled } from "./pages";
import { accessToken, createUser, expectAccessible, signIn } from "./studio";

const pictures = process.env["SCREENSHOTS_DIR"];
const stamp = Date.now();
const [dora, bea, carl] = [`dora-${stamp}`, `bea-${stamp}`, `carl-${stamp}`];
/** Flow Builders elsewhere; one of them becomes a Business User here. */
test.beforeAll(() => {
  createUser(dora, "Developer");
  createUser(bea, "Flow Builder");
  createUser(carl, "Flow Builder");
});

async function newAssistant(request: APIRequestContext, name: string): Promise<string> {
  const headers = { Authorization: `Bearer ${await accessToken(request)}` };
  const made = await request.post("/api/v1/assistants/", {
    headers,
    data: { name, sample: "bank" },
  });
  expect(made.status()).toBe(201);
  return ((await made.json()) as { id: string }).id;
}

/** A browser of their own for a person. */
async function browserOf(browser: Browser, user: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, user);
  return page;
}

const everybody = (page: Page) => page.getByRole("radio", { name: "Everybody, by their roles" });
const onlyMembers = (page: Page) =>
  page.getByRole("radio", { name: "Only the people and groups below" });
const dialog = (page: Page) => page.getByRole("dialog");

async function addPerson(page: Page, user: string, role: string): Promise<void> {
  await page.getByRole("button", { name: "Add a member" }).click();
  await dialog(page).getByLabel("User name").fill(user);
  await dialog(page).getByLabel("Role here").click();
  await page.getByRole("option", { name: role }).click();
  await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
}

test("a developer closes an assistant and lets one person in", async ({
  page,
  browser,
  request,
}) => {
  const name = `Closed ${stamp}`;
  const assistant = await newAssistant(request, name);
  await signIn(page, dora);
  await page.goto(`/assistants/${assistant}/flows`);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("link", { name: "Members" }).click();
  await expect(page.getByRole("heading", { name: "Members", exact: true })).toBeVisible();
  await expect(page.getByText("No members yet")).toBeVisible();

  // Who would lock themselves out is told before, and may stay.
  await onlyMembers(page).click();
  await expect(dialog(page)).toContainText("You would lock yourself out");
  await expectAccessible(page);
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await expect(everybody(page)).toBeChecked();
  await onlyMembers(page).click();
  await dialog(page).getByRole("button", { name: "Add me as Developer" }).click();
  await expect(onlyMembers(page)).toBeChecked();
  await expect(page.getByRole("row", { name: dora })).toContainText("Developer");

  await addPerson(page, `nobody-${stamp}`, "Business User");
  await expect(dialog(page)).toContainText("Nobody has signed in here");
  await dialog(page).getByLabel("User name").fill(bea);
  await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
  const row = page.getByRole("row", { name: bea });
  await expect(row).toContainText("Business User");

  const beas = await browserOf(browser, bea);
  await beas.goto("/");
  await beas.getByRole("link", { name, exact: true }).click();
  await expect(beas).toHaveURL(new RegExp(assistant));
  await beas.goto(`/assistants/${assistant}/flows`);
  await expect(beas.getByRole("row", { name: /transfer money/i })).toBeVisible();
  await expect(beas.getByRole("button", { name: "New flow" }).first()).toBeDisabled();
  await expect(beas.getByRole("button", { name: "Train", exact: true })).toBeDisabled();
  await beas.getByRole("link", { name: "Settings" }).click();
  await beas.getByRole("link", { name: "Members" }).click();
  await expect(beas.getByRole("note")).toContainText("You can look at this");
  await expect(everybody(beas)).toBeDisabled();
  await expectAccessible(beas);
  if (pictures) await beas.screenshot({ path: join(pictures, "members-read-only.png") });
  await expect(beas.getByRole("row", { name: bea })).toBeVisible();
  await expect(beas.getByRole("button", { name: "Add a member" })).toHaveCount(0);

  const carls = await browserOf(browser, carl);
  await carls.goto("/");
  await expect(carls.getByRole("heading", { name: /Good/ })).toBeVisible();
  await settled(carls);
  await expect(carls.getByRole("link", { name, exact: true })).toHaveCount(0);
  await carls.goto(`/assistants/${assistant}/flows`);
  await expect(carls.getByRole("heading", { name: "This page is not there" })).toBeVisible();

  // Another role, removed, back again by undo; the other browser follows by itself.
  await row.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Change the role" }).click();
  await dialog(page).getByLabel("Role here").click();
  await page.getByRole("option", { name: "Developer" }).click();
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await expect(row).toContainText("Developer");
  await expect(everybody(beas)).toBeEnabled();
  await row.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole("button", { name: /Undo/ }).last().click();
  await expect(row).toContainText("Developer");

  // A group: everybody who builds flows may look again.
  await page.getByRole("button", { name: "Add a member" }).click();
  await dialog(page).getByText("A group", { exact: true }).click();
  await dialog(page).getByLabel("Everybody who has this role in Studio").click();
  await page.getByRole("option", { name: "Flow Builder" }).click();
  await dialog(page).getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByRole("row", { name: "Everybody who is Flow Builder" })).toBeVisible();
  await carls.reload();
  await expect(carls.getByRole("row", { name: /transfer money/i })).toBeVisible();
  await beas.context().close();
  await carls.context().close();
});

test("who leaves is asked, and home again", async ({ page, request }) => {
  const assistant = await newAssistant(request, `Left ${stamp}`);
  await signIn(page, dora);
  await page.goto(`/assistants/${assistant}/settings/members`);
  await onlyMembers(page).click();
  await dialog(page).getByRole("button", { name: "Add me as Developer" }).click();
  const own = page.getByRole("row", { name: dora });
  await own.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Change the role" }).click();
  await dialog(page).getByLabel("Role here").click();
  await page.getByRole("option", { name: "Flow Builder" }).click();
  await dialog(page).getByRole("button", { name: "Save" }).click();
  await expect(dialog(page)).toContainText("You could not change this back");
  await dialog(page).getByRole("button", { name: "Cancel" }).click();
  await own.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Remove" }).click();
  await dialog(page).getByRole("button", { name: "Do it anyway" }).click();
  await expect(page.getByRole("heading", { name: /Good/ })).toBeVisible();
  await expect(page.getByRole("link", { name: `Left ${stamp}`, exact: true })).toHaveCount(0);
});

test("the palette and the card of home lead to the members", async ({ page, request }) => {
  const name = `Ways ${stamp}`;
  const assistant = await newAssistant(request, name);
  const address = new RegExp(`${assistant}/settings/members$`);
  await signIn(page);
  await page.goto("/");
  const card = page.getByRole("article").filter({ hasText: name });
  await card.getByRole("button", { name: "More" }).click();
  await page.getByRole("menuitem", { name: "Members" }).click();
  await expect(page).toHaveURL(address);
  await page.goto(`/assistants/${assistant}/flows`);
  await expect(page.getByRole("row", { name: /transfer money/i })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("members");
  await expect(page.getByRole("dialog").getByText("Go to Settings, Members")).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(address);
});

test("members that cannot be had are asked for again", async ({ page, request }) => {
  const assistant = await newAssistant(request, `Failing ${stamp}`);
  await signIn(page);
  await page.routeWebSocket(/\/api\/ws\//, () => {}); // news would have the list asked for again
  await page.route(/\/members\//, (route) => route.fulfill({ status: 500, body: "{}" }));
  await page.goto(`/assistants/${assistant}/settings/members`);
  const again = page.getByRole("button", { name: "Try now" });
  await expect(again).toBeVisible();
  await page.unroute(/\/members\//);
  await again.click();
  await expect(page.getByText("No members yet")).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test("members in both widths", async ({ page, request }) => {
      const assistant = await newAssistant(request, `Members ${theme} ${stamp}`);
      await signIn(page);
      await page.goto(`/assistants/${assistant}/settings/members`);
      await expect(page.getByText("No members yet")).toBeVisible();
      await expectAccessible(page);
      await addPerson(page, bea, "Business User");
      await expect(page.getByRole("row", { name: bea })).toBeVisible();
      await page.getByRole("button", { name: "Add a member" }).click();
      await expect(dialog(page)).toBeVisible();
      await expectAccessible(page);
      if (pictures) await page.screenshot({ path: join(pictures, `members-add-${theme}.png`) });
      await page.keyboard.press("Escape");
      for (const width of [1440, 1024]) {
        await page.setViewportSize({ width, height: 900 });
        await settled(page);
        await expectAccessible(page);
        await expectFits(page);
        if (pictures)
          await page.screenshot({ path: join(pictures, `members-${width}-${theme}.png`) });
      }
    });
  });
}
