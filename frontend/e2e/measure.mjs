// Opens a flow in Chromium and prints what it took, as JSON, for `make bench`.
import { chromium } from "@playwright/test";

const { STUDIO_URL: url, FLOW_PATH: path, PASSWORD: password, CHROMIUM } = process.env;
const browser = await chromium.launch({
  executablePath: CHROMIUM ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });

const blankFrom = performance.now();
await page.goto(`${url}/config.js`);
const blank = performance.now() - blankFrom;

await page.goto(url);
await page.fill("input[name=username]", "admin");
await page.fill("input[name=password]", password);
await page.click("button[type=submit]");
await page.waitForSelector("nav");
// The list of flows loads what a person has loaded who opens a flow from it.
await page.goto(`${url}${path.replace(/\/[^/]+$/, "")}`);
const row = page.locator('[role="row"][data-index]').first();
await row.waitFor();
await row.hover();
const openFrom = performance.now();
await row.press("Enter");
await page.locator(".react-flow__node").first().waitFor();
const open = performance.now() - openFrom;

const longest = await page.evaluate(async () => {
  const pane = document.querySelector(".react-flow__pane");
  let last = performance.now();
  let worst = 0;
  for (let frame = 0; frame < 60; frame += 1) {
    pane?.dispatchEvent(new WheelEvent("wheel", { deltaY: 40, bubbles: true, cancelable: true }));
    const now = await new Promise((resolve) => requestAnimationFrame(resolve));
    worst = Math.max(worst, now - last);
    last = now;
  }
  return worst;
});
console.log(JSON.stringify({ blank_ms: blank, open_ms: open, longest_frame_ms: longest }));
await browser.close();
