import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { madeSample, serverAt } from "./authoring";
import { expectFits, picture, settled, takeBack } from "./pages";
import { accessToken, expectAccessible, signIn, zipOf } from "./studio";

const root = fileURLToPath(new URL("../..", import.meta.url));
const python = join(root, ".venv/bin/python");
const port = process.env["GIT_SERVER_PORT"] ?? "";
const repositories = mkdtempSync(join(tmpdir(), "studio-git-"));
let gitServer: ChildProcess;

const QUESTION = "Which card is it?";
const EXTRA = `flows:
  opening_hours:
    name: opening hours
    description: say when a branch is open
    steps:
      - action: utter_opening_hours
responses:
  utter_opening_hours:
    - text: From nine to five.
`;

/** The bank as a developer has it on their machine: a question in other words, a flow more, a test less. */
function changedBank(): string {
  const folder = mkdtempSync(join(tmpdir(), "studio-bank-"));
  cpSync(join(root, "studio/samples/bank"), folder, { recursive: true });
  for (const path of ["sample.json", "e2e_tests/french.yml"]) rmSync(join(folder, path));
  const cards = join(folder, "domain/cards.yml");
  const text = readFileSync(cards, "utf8");
  const changed = text.replace(/(utter_ask_card_type:\n\s+- text: ).*/, `$1${QUESTION}`);
  expect(changed).not.toBe(text);
  writeFileSync(cards, changed);
  writeFileSync(join(folder, "data/flows/opening_hours.yml"), EXTRA);
  return folder;
}

/** Commits a folder to a repository of the server that the Studio under test may ask. */
function pushed(folder: string, name: string): string {
  const code = `
import pathlib, sys
from tests.git_server import commit_files
folder = pathlib.Path(sys.argv[1])
files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
commit_files(pathlib.Path(sys.argv[2]), files)`;
  execFileSync(python, ["-c", code, folder, join(repositories, name)], { cwd: root });
  return `http://127.0.0.1:${port}/${name}/.git`;
}

const row = (page: Page, name: string) =>
  page.getByRole("row").filter({ has: page.getByText(name, { exact: true }) });
const tick = (page: Page, name: string) => row(page, name).getByRole("checkbox");
const submit = (page: Page, count: number) =>
  page.getByRole("button", { name: `Import ${count}`, exact: false });

test.beforeAll(async () => {
  mkdirSync(join(repositories, "private"));
  gitServer = spawn(python, ["-m", "tests.git_server", repositories, port], { cwd: root });
  await new Promise((ready) => gitServer.stdout?.once("data", ready));
});

test.afterAll(() => {
  gitServer.kill();
});

test.beforeEach(async ({ page }) => signIn(page));

test("a zip is imported by what it would change, and taken back", async ({ page, request }) => {
  const assistant = await madeSample(request, `Bank to import into ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  const question = async () =>
    (await server.get<{ body: { text: string }[] }>("responses/utter_ask_card_type/")).body[0]
      ?.text;
  const before = await question();
  await page.goto(`/assistants/${assistant}/flows`);
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await expect(
    page.getByRole("heading", { name: /^Import into Bank to import into/ }),
  ).toBeVisible();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "import-start");
  await page.getByLabel("Zip of a project", { exact: true }).setInputFiles(zipOf(changedBank()));

  await test.step("item by item, in sentences", async () => {
    await expect(page.getByText("2 added", { exact: true })).toBeVisible();
    await expect(page.getByText("1 changed", { exact: true })).toBeVisible();
    await expect(page.getByText("1 removed", { exact: true })).toBeVisible();
    await expect(row(page, "Ask for card type")).toContainText(QUESTION);
    await expect(tick(page, "Ask for card type")).toBeChecked();
    await expect(tick(page, "e2e_tests/french.yml")).not.toBeChecked();
    await settled(page);
    await expectAccessible(page);
    await picture(page, "import");
  });

  await test.step("the counts are filters, and stand in the address", async () => {
    await page.getByText("1 removed", { exact: true }).click();
    await expect(page).toHaveURL(/show=removed/);
    await expect(row(page, "Ask for card type")).toHaveCount(0);
    await page.getByText("All 4", { exact: true }).click();
  });

  await test.step("what is needed says so", async () => {
    await tick(page, "Opening hours").last().uncheck();
    await expect(page.getByText(/^Needed by/)).toBeVisible();
    await picture(page, "import-needed");
    await page.getByRole("button", { name: "Tick it, too" }).click();
    await expect(page.getByText(/^Needed by/)).toHaveCount(0);
  });

  await test.step("before and after side by side", async () => {
    await row(page, "Ask for card type").getByText(QUESTION).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText(before ?? "", { exact: true })).toBeVisible();
    await settled(page);
    await expectAccessible(page);
    await picture(page, "import-item");
    await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  });

  await test.step("done in one go, and taken back in one", async () => {
    await submit(page, 3).click();
    await expect(page.getByText("3 items imported")).toBeVisible();
    expect(await question()).toBe(QUESTION);
    await takeBack(page);
    await expect.poll(question).toBe(before);
    const { results } = await server.get<{ results: { id: string }[] }>("flows/");
    expect(results.map(({ id }) => id)).not.toContain("opening_hours");
  });
});

test("by keyboard; what somebody changes meanwhile is shown first", async ({ page, request }) => {
  const assistant = await madeSample(request, `Bank of two people ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto(`/assistants/${assistant}/import`);
  await page.getByLabel("Zip of a project", { exact: true }).setInputFiles(zipOf(changedBank()));
  await expect(row(page, "Ask for card type")).toBeVisible();
  await row(page, "Ask for card type").focus();
  await page.keyboard.press("Space");
  await expect(tick(page, "Ask for card type")).not.toBeChecked();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  const response = await server.get<{ revision: number; body: object[] }>(
    "responses/utter_ask_card_type/",
  );
  const body = [{ ...response.body[0], text: "What card do you mean?" }];
  await server.put("responses/utter_ask_card_type/", { body, revision: response.revision });
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("main").getByRole("alert")).toContainText(
    "Somebody changed this assistant",
  );
  await expect(row(page, "Ask for card type")).toContainText("What card do you mean?");
  await settled(page);
  await expectAccessible(page);
  await picture(page, "import-dark");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page);
  await picture(page, "import-390-dark");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("3 items imported")).toBeVisible();
});

test("what is broken is named, and what can be read is offered", async ({ page, request }) => {
  const assistant = await madeSample(request, `Bank and a broken zip ${Date.now()}`, "bank");
  const folder = changedBank();
  writeFileSync(join(folder, "data/flows/cards.yml"), "flows:\n  block_card: [\n");
  await page.goto(`/assistants/${assistant}/import`);
  await page.getByLabel("Zip of a project", { exact: true }).setInputFiles(zipOf(folder));
  await expect(page.getByRole("main").getByRole("alert")).toContainText("Nothing was changed.");
  await expect(page.getByText("data/flows/cards.yml:3")).toBeVisible();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "import-broken");
  await page.getByRole("button", { name: "Look at what can be read" }).click();
  await expect(page.getByText("what stands in that file is left out")).toBeVisible();
  await expect(row(page, "Opening hours").first()).toBeVisible();
  // The flows of that file are not taken for removed.
  await expect(row(page, "Block card")).toHaveCount(0);
});

test("a new assistant and an import come from Git", async ({ page, request }) => {
  const name = `Bank from Git ${Date.now()}`;
  const address = pushed(changedBank(), "bank");
  const hidden = pushed(changedBank(), "private/bank");
  await page.goto("/");
  await page.getByRole("button", { name: "New assistant", exact: true }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("A Git repository", { exact: true }).click();
  await dialog.getByRole("textbox", { name: "Address", exact: true }).fill(address);
  await expect(dialog.getByLabel("Name", { exact: true })).toHaveValue("bank");
  await dialog.getByLabel("Name", { exact: true }).fill(name);
  await settled(page);
  await expectAccessible(page);
  await picture(page, "new-assistant-git");
  await dialog.getByLabel("Name", { exact: true }).press("Control+Enter");
  await expect(page.getByRole("dialog", { name: `${name} is here` })).toBeVisible();
  await page.getByRole("link", { name: "Open the flows" }).click();
  await expect(page.getByRole("row").filter({ hasText: "opening hours" })).toBeVisible();

  const assistant = await madeSample(request, `Bank and Git ${Date.now()}`, "bank");
  await page.goto(`/assistants/${assistant}/import`);
  await page.getByRole("textbox", { name: "Address", exact: true }).fill(hidden);
  await page.getByRole("button", { name: "Fetch and look" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("give an access token");
  await page.getByLabel("Access token", { exact: true }).fill("a-good-token");
  await page.getByRole("button", { name: "Fetch and look" }).click();
  await expect(row(page, "Ask for card type")).toContainText(QUESTION);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText("3 items imported")).toBeVisible();
  const headers = { Authorization: `Bearer ${await accessToken(request)}` };
  const refused = await request.post(`/api/v1/assistants/${assistant}/import/`, {
    headers,
    multipart: { git_address: "https://example.org/bank", mode: "merge" },
  });
  expect(refused.status()).toBe(400);
});

test("chosen flows go to another assistant with what they need", async ({ page, request }) => {
  const from = await madeSample(request, `Bank to take from ${Date.now()}`, "bank");
  const to = await madeSample(request, `Telecom to bring to ${Date.now()}`, "telecom");
  await page.goto(`/assistants/${from}/flows`);
  await page
    .getByRole("row")
    .filter({ hasText: "block a bank card" })
    .getByRole("checkbox")
    .check();
  await page.getByRole("toolbar").getByRole("button", { name: "Export", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await settled(page);
  await expectAccessible(page);
  await picture(page, "export-flows");
  const download = page.waitForEvent("download");
  await dialog.getByRole("button", { name: "Export", exact: true }).click();
  const made = await download;
  expect(made.suggestedFilename()).toBe("block_card.zip");
  const file = join(mkdtempSync(join(tmpdir(), "studio-export-")), "block_card.zip");
  await made.saveAs(file);
  await page.goto(`/assistants/${to}/import`);
  await page.getByLabel("Zip of a project", { exact: true }).setInputFiles(file);
  await expect(page.getByText(/what it does not have stays here/)).toBeVisible();
  // The linked flow came along; nothing is said to be removed.
  await expect(row(page, "Replace card")).toBeVisible();
  await expect(page.getByText("0 removed", { exact: true })).toBeVisible();
  await page.keyboard.press("Control+Enter");
  await expect(page.getByText(/^\d+ items imported$/)).toBeVisible();
  await expect(page.getByRole("row").filter({ hasText: "block a bank card" })).toBeVisible();
});
