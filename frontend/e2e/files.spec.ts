import { expect, test } from "@playwright/test";
import { madeSample, saved, serverAt } from "./authoring";
import { expectFits, picture, settled, takeBack } from "./pages";
import { createUser, expectAccessible, signIn } from "./studio";

test("files of a project: found, edited, checked, added, moved, deleted and brought back", async ({
  page,
  request,
}) => {
  const assistant = await madeSample(request, `Files ${Date.now()}`, "bank");
  await signIn(page);
  await page.goto(`/assistants/${assistant}/files`);
  const tree = page.getByRole("tree", { name: "Files" });
  const main = page.getByRole("main");
  const editor = main.locator(".cm-content");

  await test.step("the tree by keys: letters jump, left closes, Enter opens", async () => {
    await tree.getByRole("treeitem", { name: "actions" }).focus();
    await page.keyboard.press("ArrowLeft");
    await expect(tree.getByRole("treeitem", { name: "exchange_rate.py" })).toHaveCount(0);
    await page.keyboard.press("e");
    await expect(tree.getByRole("treeitem", { name: "e2e_tests" })).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("t");
    await expect(tree.getByRole("treeitem", { name: "transfers.yml", exact: true })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(editor).toContainText("test_cases:");
    await expect(page).toHaveURL(/file=e2e_tests%2Ftransfers.yml/);
  });

  await test.step("what is typed is saved by itself, and what cannot be read is said with its line", async () => {
    await editor.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("nonsense: [\n");
    await expect(main.getByRole("status")).toContainText(/Line \d+: This is not valid YAML/);
    await expect(main.getByText(/^Saved \d\d:\d\d$/)).toBeVisible();
    await settled(page);
    await expectAccessible(page);
    await picture(page, "files");
    for (const _line of [1, 2, 3]) await page.keyboard.press("Control+z");
    await expect(main.getByRole("status")).toHaveCount(0);
    await saved(page);
    await page.reload();
    await expect(editor).toContainText("test_cases:");
    await expect(editor).not.toContainText("nonsense");
  });

  await test.step("files are uploaded, moved, deleted and brought back", async () => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Upload files" }).click(),
    ]);
    await chooser.setFiles([
      { name: "fees.md", mimeType: "text/markdown", buffer: Buffer.from("# Gebühren\n") },
      { name: "fees.pdf", mimeType: "application/pdf", buffer: Buffer.from([0xff, 0, 0xfe]) },
    ]);
    await expect(main.getByText("No text to show")).toBeVisible();
    await main.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Rename or move" }).click();
    const path = page.getByRole("dialog").getByLabel("Path");
    await expect(path).toHaveValue("e2e_tests/fees.pdf");
    await path.fill("data/fees.yml");
    await page.keyboard.press("Enter");
    await expect(page.getByText(/is written from the pages/)).toBeVisible();
    await path.fill("docs/fees.pdf");
    await page.keyboard.press("Enter");
    await expect(main.getByRole("heading", { name: "fees.pdf" })).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await tree.getByRole("treeitem", { name: "fees.pdf" }).focus();
    await page.keyboard.press("Delete");
    await expect(tree.getByRole("treeitem", { name: "fees.pdf" })).toHaveCount(0);
    await takeBack(page);
    await expect(tree.getByRole("treeitem", { name: "fees.pdf" })).toBeVisible();
  });

  await test.step("what pages write is shown, and is not edited here", async () => {
    await page.getByRole("textbox", { name: "Name or folder" }).fill("flows accounts");
    await tree.getByRole("treeitem", { name: /accounts.yml/ }).click();
    await expect(main).toContainText(/Written from the pages, and edited there: flow \(\d\)./);
    await expect(editor).toHaveAttribute("aria-readonly", "true");
    await expect(editor).toContainText("check_balance:");
  });

  await test.step("a phone in the dark", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(`/assistants/${assistant}/files?file=actions%2Fexchange_rate.py`);
    await expect(editor).toContainText("class");
    await expectFits(page);
    await settled(page);
    await expectAccessible(page);
    await picture(page, "files-390-dark");
    await page.getByRole("button", { name: "Files", exact: true }).click();
    await expect(tree).toBeVisible();
  });
});

test("code is for developers: a flow builder reads it, and edits the tests", async ({
  page,
  request,
}) => {
  const assistant = await madeSample(request, `Code ${Date.now()}`, "bank");
  const builder = `builder-${Date.now()}`;
  createUser(builder, "Flow Builder");
  await signIn(page, builder);
  const editor = page.getByRole("main").locator(".cm-content");
  await page.goto(`/assistants/${assistant}/files?file=actions%2Fexchange_rate.py`);
  await expect(page.getByText("Changing it is for people with the role Developer")).toBeVisible();
  await expect(editor).toHaveAttribute("aria-readonly", "true");
  await page.goto(`/assistants/${assistant}/files?file=e2e_tests%2Ftransfers.yml`);
  await expect(editor).toHaveAttribute("aria-readonly", "false");
});

test("the text of a file that pages write is saved as what the pages show", async ({
  page,
  request,
}) => {
  const assistant = await madeSample(request, `Texts ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  const { body } = await server.get<{ body: string }>("files/data/flows/accounts.yml/");
  await signIn(page);
  await page.goto(`/assistants/${assistant}/files?file=data%2Fflows%2Faccounts.yml`);
  await page.getByRole("button", { name: "Edit as text" }).click();
  const editor = page.getByRole("main").locator(".cm-content");
  const save = page.getByRole("button", { name: "Save the text" });
  await editor.fill(`${body}  broken: [\n`);
  await save.click();
  const problem = page.getByText(/^Line \d+: /);
  await expect(problem).toBeVisible();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "files-as-text");
  await editor.fill(body.replace("name: check balance", "name: look at balance"));
  await page.keyboard.press("Control+s");
  await expect(problem).toHaveCount(0);
  await expect
    .poll(async () => (await server.get<{ body: { name: string } }>("flows/check_balance/")).body)
    .toMatchObject({ name: "look at balance" });
});
