import { expect, test } from "@playwright/test";
import {
  apart,
  converse,
  expectFits,
  PAGES,
  type Prepared,
  picture,
  prepare,
  settled,
} from "./pages";
import { accessToken, expectAccessible, largeProject, signIn } from "./studio";

let prepared: Prepared;

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ request, browser }) => {
  prepared = await prepare(request, browser, "Everyday banking");
});

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test("sign-in", async ({ page }) => {
      await page.goto("/");
      await expect(page.getByRole("heading", { name: "Welcome back" })).toBeVisible();
      await expectAccessible(page);
      await picture(page, `sign-in-${theme}`);
    });

    for (const [name, address] of Object.entries(PAGES)) {
      test(name, async ({ page }) => {
        await signIn(page);
        await page.goto(address(prepared));
        await settled(page);
        await expectAccessible(page);
        await picture(page, `${name}-${theme}`);
        await page.setViewportSize({ width: 1024, height: 768 });
        await settled(page);
        await expectFits(page);
        await picture(page, `${name}-1024-${theme}`);
      });
    }

    test("try-it", async ({ page }) => {
      await signIn(page);
      await page.goto(`/assistants/${prepared.assistant}/try`);
      await converse(page);
      await settled(page);
      await expectAccessible(page);
      await picture(page, `try-it-${theme}`);
      await page.getByText("Inspector", { exact: true }).click();
      await expect(page.getByRole("heading", { name: "Turn by turn" })).toBeVisible();
      await settled(page);
      await picture(page, `inspector-${theme}`);
    });
  });
}

test("the map of the flow covers no card, also on a small window", async ({ page }) => {
  await signIn(page);
  const map = page.getByRole("img", { name: "Map of the flow" });
  await page.goto(PAGES["builder"]?.(prepared) ?? "");
  await expect(map).toBeVisible();
  await page.setViewportSize({ width: 1024, height: 768 });
  for (const step of ["", "?step=ask_amount"]) {
    await page.goto(`/assistants/${prepared.assistant}/flows/transfer_money${step}`);
    await settled(page);
    const cards = await page.locator("[data-card]").all();
    expect(cards.length).toBeGreaterThan(3);
    if (await map.isHidden()) continue;
    const place = await map.boundingBox();
    for (const card of cards) expect(apart(await card.boundingBox(), place)).toBe(true);
  }
});

/** What people see when there is nothing, or not what they asked for. */
const STATES: Record<string, (ids: Prepared) => [address: string, words: RegExp]> = {
  "no-match": ({ assistant }) => [`/assistants/${assistant}/flows?search=zebra`, /No flow matches/],
  "deleted-empty": ({ assistant }) => [
    `/assistants/${assistant}/flows?tab=deleted`,
    /Nothing has been deleted/,
  ],
  system: ({ assistant }) => [`/assistants/${assistant}/flows?tab=system`, /Customised/],
  "no-conversation": ({ assistant }) => [
    `/assistants/${assistant}/conversations?search=zebra`,
    /No conversation/,
  ],
  "unknown-conversation": ({ assistant }) => [
    `/assistants/${assistant}/conversations/00000000-0000-0000-0000-000000000000`,
    /not there/,
  ],
};

for (const [name, state] of Object.entries(STATES)) {
  test(`state: ${name}`, async ({ page }) => {
    const [address, words] = state(prepared);
    await signIn(page);
    await page.goto(address);
    await expect(page.getByRole("main")).toContainText(words);
    await expectAccessible(page);
    await picture(page, `state-${name}`);
  });
}

test("the list of keys and the palette open over a page, and give the focus back", async ({
  page,
}) => {
  await signIn(page);
  await page.goto(`/assistants/${prepared.assistant}/flows`);
  const first = page.getByRole("row", { name: /block a card/i });
  await first.focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog")).toBeVisible();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "keys");
  await page.keyboard.press("Escape");
  await expect(first).toBeFocused();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("transfer");
  await settled(page);
  await expectAccessible(page);
  await picture(page, "palette");
  await page.keyboard.press("Escape");
  await expect(first).toBeFocused();
});

test("a table is worked by keys: move, tick a few, tick all, open", async ({ page }) => {
  await signIn(page);
  await page.goto(`/assistants/${prepared.assistant}/flows`);
  const rows = page.getByRole("row").filter({ has: page.getByRole("gridcell") });
  await rows.first().focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Shift+ArrowDown");
  await expect(rows.nth(1)).toBeFocused();
  await expect(page.getByRole("toolbar")).toContainText("2 selected");
  await picture(page, "flows-selected");
  await rows
    .nth(4)
    .getByRole("checkbox")
    .click({ modifiers: ["Shift"] });
  await expect(page.getByRole("toolbar")).toContainText("5 selected");
  await rows.first().focus();
  await page.keyboard.press("Control+a");
  await expect(page.getByRole("toolbar")).toContainText("8 selected");
  await page.keyboard.press("/");
  await expect(page.getByLabel("Name, description or slot")).toBeFocused();
  await rows.first().focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/flows\/./);
});

test("of a thousand flows only those in view exist, and the page does not scroll", async ({
  page,
  request,
}) => {
  const made = await request.post("/api/v1/assistants/import/", {
    headers: { Authorization: `Bearer ${await accessToken(request)}` },
    multipart: {
      file: { name: "large.zip", mimeType: "application/zip", buffer: largeProject() },
    },
  });
  const { assistant } = (await made.json()) as { assistant: { id: string } };
  await signIn(page);
  await page.goto(`/assistants/${assistant.id}/flows`);
  const rows = page.getByRole("row").filter({ has: page.getByRole("gridcell") });
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", "1001");
  await settled(page);
  expect(await rows.count()).toBeLessThan(40);
  const main = page.getByRole("main");
  expect(await main.evaluate((node) => node.scrollHeight - node.clientHeight)).toBe(0);
  await picture(page, "flows-1000");
  await rows.first().focus();
  await page.keyboard.press("End");
  await expect(page.locator('[aria-rowindex="1001"]')).toBeFocused();
  expect(await rows.count()).toBeLessThan(40);
});
