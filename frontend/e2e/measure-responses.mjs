// Opens a page of thousands of responses in Chromium and prints what it took, as JSON, for `make bench`.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";

const { STUDIO_URL: url, ASSISTANT: assistant, PASSWORD: password, CHROMIUM } = process.env;
const core = fileURLToPath(
  new URL("../node_modules/@tanstack/virtual-core/dist/esm/", import.meta.url),
);
const ROWS = 5000;
const browser = await chromium.launch({
  executablePath: CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });

/** From the key to the next paint, as the browser tells it (in steps of 8 ms); the slowest. */
async function typing(word) {
  await page.evaluate(() => {
    window.slowest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if (entry.name === "keydown" || entry.name === "input")
          window.slowest = Math.max(window.slowest, entry.duration);
    }).observe({ type: "event", durationThreshold: 16 });
  });
  for (const letter of word) {
    await page.keyboard.press(letter);
    await page.waitForTimeout(120);
  }
  return page.evaluate(() => window.slowest);
}

/** Frames a second while the list is scrolled without a pause. */
const scrolling = (selector) =>
  page.evaluate(async (list) => {
    const scroller = document.querySelector(list);
    const frames = 120;
    const from = performance.now();
    for (let frame = 0; frame < frames; frame += 1) {
      scroller.scrollTop += 240;
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return (frames * 1000) / (performance.now() - from);
  }, selector);

await page.goto(url);
await page.fill("input[name=username]", "admin");
await page.fill("input[name=password]", password);
await page.click("button[type=submit]");
await page.waitForSelector("nav");
// The shell, with a page that has nothing to show, is the reference of the first rows.
const versions = `/assistants/${assistant}/versions`;
await page.goto(`${url}${versions}`);
await page.locator("main h1").waitFor();
// What a browser keeps of a page that it has shown before is there; the data are asked for anew.
const open = async (name, shown) => {
  const from = performance.now();
  await page
    .getByRole("navigation", { name: "Main" })
    .getByRole("link", { name, exact: true })
    .click();
  await shown.waitFor();
  return performance.now() - from;
};
const row = page.locator('[role="option"]').first();
await open("Responses", row);
await page.goto(`${url}${versions}`);
await page.locator("main h1").waitFor();
await page.waitForLoadState("networkidle");
const rows = await open("Responses", row);
const all = page.locator(
  `[role="option"][aria-setsize="${ROWS}"], [role="option"][aria-setsize^="50"]`,
);
await all.first().waitFor();
await page.waitForLoadState("networkidle");
const count = await row.getAttribute("aria-setsize");
const scroll = await scrolling('[role="listbox"]');
await page.getByLabel("Name, text or slot").focus();
const typed = await typing("answer42");
const empty = await open("Versions", page.locator("main h1", { hasText: "Versions" }));

// A plain list of as many rows, by the same library, on a page with nothing else.
await page.route("**/plain/**", async (route) => {
  const name = new URL(route.request().url()).pathname.replace("/plain/", "");
  const body =
    name === ""
      ? `<!doctype html><div id="list" style="height:800px;overflow:auto"><div id="rows" style="position:relative"></div></div>
<script>process = { env: { NODE_ENV: "production" } }</script>
<script type="module">
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "./index.js";
const scroller = document.querySelector("#list"), inner = document.querySelector("#rows");
const virtual = new Virtualizer({ count: ${ROWS}, getScrollElement: () => scroller, estimateSize: () => 57, overscan: 8,
  scrollToFn: elementScroll, observeElementRect, observeElementOffset, onChange: draw });
function draw() {
  inner.style.height = virtual.getTotalSize() + "px";
  inner.replaceChildren(...virtual.getVirtualItems().map((item) => {
    const row = document.createElement("div");
    row.textContent = "Row " + item.index;
    row.style = "position:absolute;inset:0 0 auto;height:57px;transform:translateY(" + item.start + "px)";
    return row;
  }));
}
virtual._didMount(); virtual._willUpdate(); draw();
</script>`
      : await readFile(core + name, "utf8");
  await route.fulfill({ body, contentType: name === "" ? "text/html" : "text/javascript" });
});
await page.goto(`${url}/plain/`);
await page.locator("#rows > div").first().waitFor();
const plain = await scrolling("#list");
console.log(
  JSON.stringify({
    count: Number(count),
    rows_ms: rows,
    empty_ms: empty,
    typing_ms: typed,
    scroll_fps: scroll,
    plain_fps: plain,
  }),
);
await browser.close();
