import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { overflowOf, type Prepared, picture, prepare, settled } from "./pages";
import { expectAccessible, signIn } from "./studio";

/** Every page there is, by its path in the router: with German words, on wide, middle and narrow screens. */
const PATHS: Record<string, string> = {
  "/": "",
  "settings/people": "",
  "settings/account": "",
  "settings/tokens": "",
  "settings/activity": "",
  flows: "",
  "flows/$flowId": "flows/transfer_money?step=ask_amount",
  try: "",
  versions: "",
  tests: "",
  conversations: "",
  "conversations/$conversationId": "",
  translations: "",
  slots: "slots?name=amount",
  understanding: "",
  files: "files?file=actions/exchange_rate.py",
  responses: "responses?name=utter_ask_amount",
  history: "",
  import: "",
  "settings/members": "",
  "settings/general": "",
  "settings/model": "",
  "settings/action-server": "",
  "settings/prompts": "",
  "settings/languages": "",
  "settings/config": "",
  "settings/endpoints": "",
  "settings/danger": "",
};
/** They send on to another page, are what pages stand in, or need two branches (merge.spec.ts). */
const NO_PAGES = ["settings", "/assistants/$assistantId", "branches/$branch/merge"];
const OF_STUDIO = [
  "/",
  "settings/people",
  "settings/account",
  "settings/tokens",
  "settings/activity",
];
const WIDTHS = [
  [1440, 900],
  [1024, 768],
  [390, 800],
] as const;

let prepared: Prepared;

test.beforeAll(async ({ request, browser }) => {
  prepared = await prepare(request, browser, `Jede Seite ${Date.now()}`);
});

function addressOf(path: string): string {
  if (OF_STUDIO.includes(path)) return path === "/" ? path : `/${path}`;
  const within = (PATHS[path] || path).replace("$conversationId", prepared.conversation);
  return `/assistants/${prepared.assistant}/${within}`;
}

const nameOf = (path: string) => (path === "/" ? "home" : path.replaceAll(/[/$]+/g, "-"));

async function at(page: Page, path: string, theme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.goto(addressOf(path));
  await settled(page);
}

test("the list of pages is whole", () => {
  const router = readFileSync(join(import.meta.dirname, "../src/app/router.tsx"), "utf8");
  const paths = [...router.matchAll(/^ {2}path: "(.+)",$/gm)].map(([, path]) => path ?? "");
  expect([...new Set(paths)].sort()).toEqual([...Object.keys(PATHS), ...NO_PAGES].sort());
});

test("German words: room for them and axe", async ({ page }) => {
  test.setTimeout(300_000);
  await signIn(page);
  await page.goto("/");
  await page.evaluate(() => window.localStorage.setItem("studio-language", "de"));
  for (const path of Object.keys(PATHS)) {
    await test.step(path, async () => {
      await at(page, path, "light");
      await expect(page.locator("html")).toHaveAttribute("lang", "de");
      await expectAccessible(page);
      await page.setViewportSize({ width: 1024, height: 768 });
      expect.soft(await overflowOf(page), path).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 390, height: 800 });
      await page.emulateMedia({ colorScheme: "dark" });
      await settled(page);
      expect.soft(await overflowOf(page), path).toBeLessThanOrEqual(0);
      await expectAccessible(page);
      await picture(page, `every-${nameOf(path)}-390-german`);
      await page.setViewportSize({ width: 1440, height: 900 });
    });
  }
});

test("by keyboard alone: Tab comes to everything there is, and out again", async ({ page }) => {
  test.setTimeout(300_000);
  await signIn(page);
  for (const path of Object.keys(PATHS)) {
    await test.step(path, async () => {
      await at(page, path, "light");
      const wanted = await tabStops(page);
      const reached = new Set<string>();
      // The link to the content is the first that there is.
      await page.locator("a").first().focus();
      for (let presses = 0; presses < 2 * wanted.length + 20; presses += 1) {
        const place = await page.evaluate(placeOfFocus);
        if (place === null) break;
        reached.add(place);
        // In an editor Tab indents; it says how one leaves it.
        if (await page.locator(":focus[contenteditable=true]").count())
          await page.keyboard.press("Escape");
        await page.keyboard.press("Tab");
      }
      expect
        .soft(
          wanted.filter((place) => !reached.has(place)),
          path,
        )
        .toEqual([]);
      expect.soft(await page.evaluate(placeOfFocus), `out of ${path}`).toBeNull();
    });
  }
});

/** Marks what the Tab key should come to, and says what it is. Of a group of radios it comes to one. */
function tabStops(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const stops = [...document.querySelectorAll<HTMLElement>("*")].filter(
      (element) =>
        element.tabIndex >= 0 &&
        element.checkVisibility({ visibilityProperty: true }) &&
        !element.matches(":disabled, [inert] *, input[type=radio]:not(:checked)"),
    );
    return stops.map((element, index) => {
      const words = element.getAttribute("aria-label") ?? element.textContent ?? "";
      element.dataset["tabStop"] = `${index} ${element.tagName} ${words.trim().slice(0, 40)}`;
      return element.dataset["tabStop"];
    });
  });
}

/** Null where nothing of the page has the focus. */
function placeOfFocus(): string | null {
  const { activeElement } = document;
  if (!(activeElement instanceof HTMLElement) || activeElement === document.body) return null;
  return activeElement.dataset["tabStop"] ?? activeElement.outerHTML.slice(0, 80);
}

/** `make screenshots`: the same pages in English, for people to look at. */
for (const [width, height] of process.env["SCREENSHOTS_DIR"] ? WIDTHS : []) {
  test(`pictures at ${width}`, async ({ page }) => {
    test.setTimeout(180_000);
    await signIn(page);
    await page.setViewportSize({ width, height });
    for (const path of Object.keys(PATHS)) {
      await test.step(path, async () => {
        for (const theme of ["light", "dark"] as const) {
          await at(page, path, theme);
          expect.soft(await overflowOf(page), path).toBeLessThanOrEqual(0);
          await picture(page, `every-${nameOf(path)}-${width}-${theme}`);
        }
      });
    }
  });
}
