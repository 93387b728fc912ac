import { join } from "node:path";
import {
  type APIRequestContext,
  type Browser,
  expect,
  type Locator,
  type Page,
} from "@playwright/test";
import { trainedSample } from "./authoring";
import { accessToken, signIn } from "./studio";

/** `make screenshots` keeps the pictures; a test run throws them away with its other results. */
const pictures = process.env["SCREENSHOTS_DIR"];

export interface Prepared {
  assistant: string;
  conversation: string;
}

/** The bank sample, trained, and one conversation with it that has reached the server. */
export async function prepare(
  request: APIRequestContext,
  browser: Browser,
  name: string,
): Promise<Prepared> {
  const headers = { Authorization: `Bearer ${await accessToken(request)}` };
  const assistant = await trainedSample(request, name, "bank");
  const page = await browser.newPage();
  await signIn(page);
  await page.goto(`/assistants/${assistant}/try`);
  await converse(page);
  await page.close();
  let conversation = "";
  await expect
    .poll(async () => {
      const address = `/api/v1/conversations/?assistant=${assistant}`;
      const list = (await (await request.get(address, { headers })).json()) as {
        results: { id: string; message_count: number }[];
      };
      conversation = list.results[0]?.id ?? "";
      return list.results[0]?.message_count ?? 0;
    })
    .toBeGreaterThan(4);
  return { assistant, conversation };
}

export async function converse(page: Page): Promise<void> {
  const chat = page.getByRole("list", { name: "Messages" });
  await expect(chat).toContainText(/welcome|hello/i, { timeout: 15_000 });
  for (const [words, answer] of [
    ["I want to send money to Lena Sommer", /How much/],
    ["250 euros", /Is this right/],
  ] as const) {
    await page.getByLabel("Write a message").fill(words);
    await page.keyboard.press("Enter");
    await expect(chat).toContainText(answer);
  }
}

export const PAGES: Record<string, (ids: Prepared) => string> = {
  home: () => "/",
  flows: ({ assistant }) => `/assistants/${assistant}/flows`,
  builder: ({ assistant }) => `/assistants/${assistant}/flows/transfer_money?step=ask_amount`,
  train: ({ assistant }) => `/assistants/${assistant}/versions?train=1`,
  tests: ({ assistant }) => `/assistants/${assistant}/tests`,
  conversations: ({ assistant }) => `/assistants/${assistant}/conversations`,
  conversation: ({ assistant, conversation }) =>
    `/assistants/${assistant}/conversations/${conversation}`,
  "not-found": ({ assistant }) => `/assistants/${assistant}/nothing-here`,
};

export const TRY_IT = ({ assistant }: Prepared) => `/assistants/${assistant}/try`;

/** Data is there, skeletons are gone, images and fonts are drawn. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState("networkidle");
  await expect(page.getByRole("main").first()).toBeVisible();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForTimeout(300);
}

export async function expectFits(page: Page): Promise<void> {
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
}

/** By how many pixels it is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

/** Takes back what a toast tells. Somebody sees the toast first, and the dialog gone; so does this. */
export async function takeBack(page: Page): Promise<void> {
  await expect(page.locator(`[role="dialog"][aria-modal="true"]`)).toHaveCount(0);
  await expect(
    page.locator("[data-kind]").getByRole("button", { name: /Undo/ }).last(),
  ).toBeVisible();
  await page.keyboard.press("Control+z");
}

export async function picture(page: Page, name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
}

type Box = Awaited<ReturnType<Locator["boundingBox"]>>;

/** Both are drawn, and neither lies on the other. */
export function apart(one: Box, other: Box): boolean {
  if (!one || !other) return false;
  const beside = one.x + one.width <= other.x || other.x + other.width <= one.x;
  return beside || one.y + one.height <= other.y || other.y + other.height <= one.y;
}
