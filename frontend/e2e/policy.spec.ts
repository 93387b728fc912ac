import { expect, type Page, test } from "@playwright/test";
import { serverOf, trained } from "./authoring";
import { converse, PAGES, type Prepared, prepare, settled } from "./pages";
import { signIn } from "./studio";

let prepared: Prepared;

test.beforeAll(async ({ request, browser }) => {
  prepared = await prepare(request, browser, `Policy ${Date.now()}`);
});

/** What the browser complains of, refusals by the content security policy among it. */
function complaints(page: Page): string[] {
  const found: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) found.push(message.text());
  });
  page.on("pageerror", (error) => found.push(error.message));
  return found;
}

test("pages, live line and chat go with a policy that names what is needed", async ({ page }) => {
  const answer = await page.request.get("/");
  const policy = answer.headers()["content-security-policy"] ?? "";
  for (const wide of ["https:;", "ws:;", "wss:;", "*", "'unsafe-eval'"])
    expect(`${policy};`).not.toContain(` ${wide}`);
  const found = complaints(page);
  await signIn(page);
  for (const [name, address] of Object.entries(PAGES)) {
    if (name === "not-found") continue; // its 404 is one of the browser's errors
    await page.goto(address(prepared));
    await settled(page);
  }
  await page.goto(`/assistants/${prepared.assistant}/try`);
  await converse(page);
  expect(found).toEqual([]);
});

test("the description of the API is shown, and its own files draw it", async ({ page }) => {
  const found = complaints(page);
  await page.goto("/api/docs/");
  await expect(page.getByRole("heading", { name: /Open Studio/ })).toBeVisible();
  await page.getByText("List assistants", { exact: true }).click();
  await expect(page.getByText("Responses").first()).toBeVisible();
  expect(found).toEqual([]);
});

test("an image of a message is shown from Studio itself, and is a link elsewhere", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Pictures");
  const foreign = "https://pictures.example/tea.png";
  for (const [name, image] of [
    ["own", "/logo.svg"],
    ["foreign", foreign],
  ])
    await server.post("responses/", {
      id: `utter_${name}`,
      body: [{ text: `A picture, ${name}.`, image }],
    });
  const steps = [{ action: "utter_own" }, { action: "utter_foreign" }];
  await server.post("flows/", {
    id: "show_pictures",
    body: { description: "show pictures of tea", steps },
  });
  await trained(server);
  const found = complaints(page);
  const asked: string[] = [];
  page.on("request", (each) => asked.push(each.url()));
  await signIn(page);
  await page.goto(`/assistants/${server.id}/try`);
  await page.getByLabel("Write a message").fill("show pictures of tea");
  await page.keyboard.press("Enter");
  const chat = page.getByRole("list", { name: "Messages" });
  await expect(chat).toContainText("A picture, foreign.");
  await expect(chat.locator("img")).toHaveAttribute("src", "/logo.svg");
  const link = chat.getByRole("link", { name: "Open the image from pictures.example" });
  await expect(link).toHaveAttribute("href", foreign);
  expect(asked).not.toContain(foreign);
  expect(found).toEqual([]);
});
