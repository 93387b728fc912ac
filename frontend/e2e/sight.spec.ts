import { expect, type Locator, type Page, test } from "@playwright/test";
import {
  apart,
  converse,
  expectFits,
  PAGES,
  type Prepared,
  picture,
  prepare,
  settled,
  TRY_IT,
} from "./pages";
import { signIn } from "./studio";

/** With letters twice as large, with the colours of the system, on a small window. */

let prepared: Prepared;

test.describe.configure({ mode: "serial" });

test.beforeAll(async ({ request, browser }) => {
  prepared = await prepare(request, browser, "Banking for all eyes");
});

const LARGE = {
  ...PAGES,
  "try-it": TRY_IT,
  people: () => "/settings/people",
  activity: () => "/settings/activity",
};

for (const [name, address] of Object.entries(LARGE)) {
  test(`letters twice as large: ${name}`, async ({ page }) => {
    await enlarge(page);
    await signIn(page);
    await page.goto(address(prepared));
    await expectRoomForLetters(page, `large-${name}`);
    await page.setViewportSize({ width: 1024, height: 768 });
    await page.reload();
    await expectRoomForLetters(page, `large-${name}-1024`);
  });
}

test("letters twice as large: sign-in", async ({ page }) => {
  await enlarge(page);
  await page.setViewportSize({ width: 1024, height: 768 });
  await page.goto("/");
  await expectRoomForLetters(page, "large-sign-in-1024");
  const button = page.getByRole("button", { name: "Sign in" });
  await button.scrollIntoViewIfNeeded();
  await expect(button).toBeInViewport();
  expect(await page.evaluate(() => document.querySelector("label")?.offsetHeight)).toBe(40);
});

test("letters twice as large: the canvas grows with them, and nothing lies on its switches", async ({
  page,
}) => {
  await enlarge(page);
  await signIn(page);
  for (const width of [1440, 1024]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(PAGES["builder"]?.(prepared) ?? "");
    await settled(page);
    const title = page.locator("[data-card]").first().getByText("Transfer money");
    expect((await title.boundingBox())?.height ?? 0).toBeGreaterThan(20); // 18 with usual letters
    const main = page.getByRole("main");
    const floats = [
      main.getByRole("radiogroup", { name: "View of the flow" }),
      main.getByRole("button", { name: /^Chat/ }),
      main.getByRole("button", { name: "Zoom out" }),
    ];
    const boxes = await Promise.all(floats.map((float) => float.boundingBox()));
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) expect(apart(one, other)).toBe(true);
    }
  }
});

/** As a person sets it in the browser: every letter twice as large. */
async function enlarge(page: Page): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  await browser.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 26 } });
}

async function expectRoomForLetters(page: Page, name: string): Promise<void> {
  await settled(page);
  await picture(page, name);
  const size = () => Number.parseFloat(getComputedStyle(document.body).fontSize);
  expect(await page.evaluate(size)).toBe(28);
  expect(await page.evaluate(smallIcons)).toEqual([]);
  expect(await page.evaluate(collisions)).toEqual([]);
  expect(await page.evaluate(wordsOutside)).toEqual([]);
  await expectFits(page);
}

test("forced colours: what is chosen and who speaks can be seen", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await signIn(page);
  await page.goto(`/assistants/${prepared.assistant}/flows`);
  await settled(page);
  await picture(page, "forced-colours-flows");
  const line = (chosen: boolean) =>
    page
      .getByRole("tab", { selected: chosen })
      .first()
      .evaluate((tab) => getComputedStyle(tab).borderBottomColor);
  expect(await line(true)).not.toBe(await line(false));
  const high = (chosen: boolean) =>
    page
      .getByRole("tab", { selected: chosen })
      .first()
      .evaluate((tab) => getComputedStyle(tab).borderBottomWidth);
  expect(await high(false)).toBe("0px"); // else it would lie on the line below all tabs
  expect(await high(true)).toBe("2px");
  const ring = (element: Locator) =>
    element.evaluate((node) => {
      const { outlineStyle, outlineColor } = getComputedStyle(node);
      return `${outlineStyle} ${outlineColor}`;
    });
  const rows = page.getByRole("row").filter({ has: page.getByRole("gridcell") });
  await rows.nth(2).getByRole("checkbox").click();
  await page.keyboard.press("Shift+Tab");
  expect(await ring(rows.nth(2))).not.toBe(await ring(rows.nth(3)));
  await picture(page, "forced-colours-selected");
  await page.goto(`/assistants/${prepared.assistant}/flows/transfer_money?step=ask_amount`);
  await settled(page);
  const cards = page.locator("[data-card]");
  expect(await ring(cards.and(page.locator('[aria-pressed="true"]')))).not.toBe(
    await ring(cards.first()),
  );
  const view = page.getByText("Canvas", { exact: true });
  const behind = page.locator(".mantine-SegmentedControl-indicator").first();
  const ink = await view.evaluate((label) => getComputedStyle(label).color);
  expect(ink).not.toBe(await behind.evaluate((node) => getComputedStyle(node).backgroundColor));
  await picture(page, "forced-colours-builder");
  await page.goto(TRY_IT(prepared));
  await converse(page);
  await page.getByText("Inspector", { exact: true }).click();
  await settled(page);
  await picture(page, "forced-colours-inspector");
  const colour = (word: string) =>
    page.getByText(word, { exact: true }).evaluate((label) => getComputedStyle(label).color);
  expect(await colour("Inspector")).not.toBe(await colour("Basic"));
  const bubble = page.getByRole("list", { name: "Messages" }).getByText("250 euros");
  await expect
    .poll(() =>
      bubble.evaluate((words) =>
        [words, words.parentElement].some(
          (node) => node && getComputedStyle(node).borderTopStyle === "solid",
        ),
      ),
    )
    .toBe(true);
  const followed = page.getByRole("switch").first();
  const track = () =>
    followed.evaluate((input) => {
      const next = input.nextElementSibling;
      return next ? getComputedStyle(next).backgroundColor : "";
    });
  const before = await track();
  await followed.press("Space");
  await expect.poll(track).not.toBe(before);
});

test("a word of a slot is not broken on a small window", async ({ page }) => {
  await page.setViewportSize({ width: 1024, height: 768 });
  await signIn(page);
  await page.goto(TRY_IT(prepared));
  await converse(page);
  await page.getByText("Inspector", { exact: true }).click();
  await page.getByRole("tab", { name: /Slots/ }).click();
  const name = page.getByRole("table").getByRole("button").getByText("Lena Sommer");
  await expect(name).toBeVisible();
  await picture(page, "slots-1024");
  const lines = await name.evaluate((node) => {
    const text = node.firstChild;
    if (!(text instanceof Text)) return -1;
    const range = document.createRange();
    range.setStart(text, text.data.indexOf("Sommer"));
    range.setEnd(text, text.data.indexOf("Sommer") + "Sommer".length);
    return range.getClientRects().length;
  });
  expect(lines).toBe(1);
});

/** Icons that did not grow with the letters. What lies on the canvas is enlarged by its zoom. */
function smallIcons(): string[] {
  return [...document.querySelectorAll<SVGElement>(".tabler-icon")]
    .filter((icon) => icon.checkVisibility() && !icon.closest(".react-flow__viewport"))
    .filter((icon) => icon.getBoundingClientRect().width < 1.9 * Number(icon.getAttribute("width")))
    .map((icon) => `${icon.getAttribute("class")} is small`);
}

/** Controls of the header that lie on one another or leave the window. */
function collisions(): string[] {
  const seen = (node: Element) => node.checkVisibility() && node.getBoundingClientRect().width > 2;
  const named = (node: Element) => node.textContent?.trim() || node.getAttribute("aria-label");
  const inside = [...document.querySelectorAll("header :is(a, button, label, [aria-current])")]
    .filter(seen)
    .map((node) => ({ node, box: node.getBoundingClientRect() }));
  const found: string[] = [];
  for (const [index, one] of inside.entries()) {
    if (one.box.right > window.innerWidth + 1) found.push(`${named(one.node)} leaves the window`);
    for (const other of inside.slice(index + 1)) {
      if (one.node.contains(other.node) || other.node.contains(one.node)) continue;
      const wide =
        Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const high =
        Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (wide > 1 && high > 1) found.push(`${named(one.node)} lies on ${named(other.node)}`);
    }
  }
  return found;
}

/** Buttons, tabs and columns of a table that their words leave. */
function wordsOutside(): string[] {
  const found: string[] = [];
  for (const button of document.querySelectorAll("button, [role=tab], [role=columnheader]")) {
    const { lineHeight, fontSize } = getComputedStyle(button);
    const lead = (Number.parseFloat(lineHeight) || 0) - Number.parseFloat(fontSize);
    const tall = button.scrollHeight > button.clientHeight + Math.max(2, lead);
    const wide = button.scrollWidth > button.clientWidth + 2;
    if (button.checkVisibility() && !button.closest(".react-flow") && (tall || wide)) {
      found.push(`the words of ${button.textContent} leave it`);
    }
  }
  return found;
}
