import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { madeSample, type Server, serverAt } from "./authoring";
import { expectFits, picture, settled, takeBack } from "./pages";
import { accessToken, expectAccessible, signIn } from "./studio";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Language {
  code: string;
  missing: number;
  outdated: number;
}

interface Stored {
  revision: number;
  body: { text: string; translation?: Record<string, string>; [key: string]: unknown }[];
}

let assistant: string;
let server: Server;
const address = (query = "") => `/assistants/${assistant}/translations${query}`;
const response = async (id: string) => server.get<Stored>(`responses/${id}/`);
const field = (page: Page, name: RegExp) => page.getByRole("textbox", { name });

/** "38 of 212", or how many there are. */
const place = (page: Page) => page.locator("footer output");

async function counted(code: string): Promise<Language | undefined> {
  const { languages } = await server.get<{ languages: Language[] }>("languages/");
  return languages.find((each) => each.code === code);
}

/** Somebody writes another text on the page of responses. */
async function rewrite(id: string, text: string): Promise<void> {
  const { body, revision } = await response(id);
  await server.put(`responses/${id}/`, {
    body: [{ ...body[0], text }, ...body.slice(1)],
    revision,
  });
}

/** A translator's tool: it reads and writes the file with a parser of its own. */
function translated(file: string, mark: string, leave = 0): string {
  const out = `${file}-${mark.trim()}.xlf`;
  const script = fileURLToPath(new URL("translated_xliff.py", import.meta.url));
  execFileSync(`${root}/.venv/bin/python`, [script, file, out, mark, String(leave)]);
  return out;
}

test.beforeAll(async ({ request }) => {
  assistant = await madeSample(request, `A bank in five languages ${Date.now()}`, "bank");
  server = await serverAt(request, assistant);
  await server.post("languages/", { code: "ar" });
  await rewrite("utter_ask_card_type", "Which card is it?");
  const { body, revision } = await response("utter_ask_block_reason");
  const [first] = body;
  await server.put("responses/utter_ask_block_reason/", {
    body: [{ ...first, translation: { ...first?.translation, es: "" } }],
    revision,
  });
});

test.beforeEach(async ({ request }) => {
  server = await serverAt(request, assistant);
});

for (const theme of ["light", "dark"] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme });

    test("the page can be seen and read", async ({ page }) => {
      await signIn(page);
      await page.goto(address("?language=es"));
      await expect(place(page)).toHaveText("8 to do");
      await settled(page);
      await expectAccessible(page);
      await page.keyboard.press("Control+ArrowDown");
      await expect(place(page)).toHaveText("1 of 8");
      await expectAccessible(page);
      await picture(page, `translations-${theme}`);
      await page.goto(address("?language=ar&show=all&search=utter_money_sent"));
      await field(page, /^Arabic of “Done/).fill("تم إرسال {amount} إلى ");
      await settled(page);
      await expectAccessible(page);
      await picture(page, `translations-arabic-${theme}`);
      await page.goto(address("?language=fr&field=link"));
      await settled(page);
      await picture(page, `translations-nothing-${theme}`);
      await page.goto(address("?language=es"));
      for (const width of [1024, 390]) {
        await page.setViewportSize({ width, height: 800 });
        await settled(page);
        await expectFits(page);
        await expectAccessible(page);
        await picture(page, `translations-${width}-${theme}`);
      }
    });
  });
}

test("a translator brings the bank into Italian with a tool of their own", async ({
  page,
}, info) => {
  await signIn(page);
  await page.goto(address());
  await test.step("a language more", async () => {
    await page.getByRole("button", { name: "Add a language" }).click();
    await page.getByRole("dialog").getByLabel("Add a language").fill("Italian");
    // It takes the name that is offered, and then adds it.
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/language=it/);
    await expect(page.getByRole("link", { name: /Italian/ }).first()).toContainText("0 %");
  });
  const file = info.outputPath("texts.xlf");
  await test.step("out", async () => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "Export" }).click();
    const made = await download;
    expect(made.suggestedFilename()).toMatch(/^a-bank-in-five-languages-\d+-it-todo\.xlf$/);
    await made.saveAs(file);
  });
  await test.step("what is no export is refused at the button", async () => {
    const chosen = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Import" }).click();
    const broken = { name: "a.xlf", mimeType: "text/xml", buffer: Buffer.from("<xliff>") };
    await (await chosen).setFiles([broken]);
    await expect(page.getByText("Line 1: This is not XML")).toBeVisible();
  });
  await test.step("and back, but for one text", async () => {
    await rewrite("utter_ask_block_confirmed", "Shall I block it now?");
    const chosen = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Import" }).click();
    await (await chosen).setFiles(translated(file, "It: "));
    const dialog = page.getByRole("dialog");
    await expect(dialog).toContainText("A blocked card cannot be used any more.");
    await expectAccessible(page);
    await picture(page, "translations-import");
    await dialog.getByRole("checkbox").first().uncheck();
    await dialog.getByRole("button", { name: /^Import \d+ texts/ }).click();
    await expect(dialog).toBeHidden();
  });
  const done = { code: "it", missing: 1, outdated: 1 };
  expect(await counted("it")).toMatchObject(done);
  expect((await response("utter_ask_block_reason")).body[0]?.translation?.["it"]).toBe(
    "It: What happened: was it lost, stolen or damaged?",
  );
  await takeBack(page);
  await expect.poll(async () => (await counted("it"))?.missing).toBeGreaterThan(50);
});

test("a translator brings the last texts into Portuguese by keys alone", async ({
  page,
  request,
}, info) => {
  test.slow();
  await server.post("languages/", { code: "pt" });
  const left = 8;
  await test.step("most of it came from a tool", async () => {
    const headers = { Authorization: `Bearer ${await accessToken(request)}` };
    const base = `/api/v1/assistants/${assistant}/translations`;
    const exported = await request.get(`${base}/export/?language=pt`, { headers });
    const file = info.outputPath("texts.xlf");
    writeFileSync(file, await exported.body());
    const upload = {
      name: "pt.xlf",
      mimeType: "application/xml",
      buffer: readFileSync(translated(file, "Pt: ", left)),
    };
    const answer = await request.post(`${base}/import/`, { headers, multipart: { file: upload } });
    expect(answer.status()).toBe(200);
    await rewrite("utter_ask_amount", "Which amount, please?");
  });
  await signIn(page);
  await page.goto(`/assistants/${assistant}/responses`);
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await expect(page).toHaveURL(/translations/);
  await page.goto(address("?language=pt"));
  await expect(place(page)).toHaveText("9 to do");
  await test.step("an outdated one still fits", async () => {
    await page.keyboard.press("Control+ArrowDown");
    await expect(page.locator("textarea:focus")).toHaveValue(/^Pt: /);
    await expect(page.getByRole("button", { name: "Still right" })).toBeVisible();
    await page.keyboard.press("Control+Enter");
    await expect.poll(async () => counted("pt")).toMatchObject({ missing: left, outdated: 0 });
  });
  await test.step("one is typed, the others begin as the reference", async () => {
    await expect(place(page)).toHaveText("2 of 9");
    await page.keyboard.type("Escrito por uma pessoa");
    await expect(page.getByText("Writing")).toBeVisible();
    for (let at = 3; at <= left + 1; at += 1) {
      await page.keyboard.press("Control+Enter");
      await expect(place(page)).toHaveText(`${at} of 9`);
      await page.keyboard.press("Control+'");
      await expect(page.locator("textarea:focus")).not.toHaveValue("");
    }
    await page.keyboard.press("Control+Enter");
    await expect.poll(async () => counted("pt")).toMatchObject({ missing: 0, outdated: 0 });
  });
  await test.step("the place is found again, and nothing is left", async () => {
    await page.reload();
    await expect(page.getByRole("heading", { name: "Portuguese is complete" })).toBeVisible();
    await expectAccessible(page);
    await picture(page, "translations-complete");
  });
});

test("slots are put in by number, a lost one is told, and two in one text are asked", async ({
  page,
}) => {
  await signIn(page);
  await page.goto(address("?language=es&show=all&search=utter_money_sent"));
  const here = field(page, /^Spanish of “Done/);
  await here.click();
  await here.fill("Listo para ");
  await page.keyboard.press("End");
  await page.keyboard.press("Alt+2");
  await expect(here).toHaveValue("Listo para {recipient}");
  await expect(page.getByRole("button", { name: "Put in amount" })).toBeVisible();
  await page.getByLabel("Text or name").click();
  await expect(page.getByText("Not in the translation: amount")).toBeVisible();
  const spanish = async () => (await response("utter_money_sent")).body[0]?.translation?.["es"];
  await expect.poll(spanish).toBe("Listo para {recipient}");
  const { body, revision } = await response("utter_money_sent");
  const [first] = body;
  const theirs = "Enviado a {recipient}: {amount}";
  await server.put("responses/utter_money_sent/", {
    body: [{ ...first, translation: { ...first?.translation, es: theirs } }, ...body.slice(1)],
    revision,
  });
  await here.pressSequentially("!");
  const card = page.getByRole("alertdialog");
  await expect(card).toContainText(theirs);
  await expect(card).toContainText("Listo para {recipient}!");
  await page.keyboard.press("2");
  await expect(here).toHaveValue(theirs);
  await expect(card).toBeHidden();
  expect(await spanish()).toBe(theirs);
  await test.step("e opens the response", async () => {
    await page
      .getByRole("listitem")
      .last()
      .click({ position: { x: 5, y: 5 } });
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press("e");
    await expect(page).toHaveURL(/responses\?.*utter_money_sent/);
  });
});
