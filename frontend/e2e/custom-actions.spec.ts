import { cpSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, signIn, zipOf } from "./studio";

const library = fileURLToPath(new URL("../../tests/projects/book_loans", import.meta.url));

/** A project with actions of its own, by the browser alone: in, trained, talked to, and one that fails. */
test("a project's own actions run, and one that fails is told and answered for", async ({
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "studio-library-"));
  cpSync(library, folder, { recursive: true });

  await test.step("import and train", async () => {
    await signIn(page);
    await page.goto("/");
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Import" }).click();
    await (await chooser).setFiles(zipOf(folder));
    const report = page.getByRole("dialog");
    await expect(report).toContainText("actions/loans.py");
    await report.getByRole("link", { name: "Open the flows" }).click();
    await expect(page.getByText(basename(folder)).first()).toBeVisible();
    await page.getByRole("button", { name: "Train", exact: true }).click();
    const panel = page.getByRole("complementary", { name: /Train version/ });
    await panel.getByRole("button", { name: "Start training" }).click();
    await expect(panel.getByText("Version 1 is ready")).toBeVisible({ timeout: 20_000 });
    await panel.getByRole("link", { name: "Chat" }).click();
  });

  await test.step("a book is lent", async () => {
    await say(page, "I want to borrow a book");
    await expect(chat(page)).toContainText("Which book would you like?");
    await say(page, "Emma");
    await expect(chat(page)).toContainText("There are 2 copies of it.");
    await say(page, "7");
    await expect(chat(page)).toContainText("7 is no member.");
    await say(page, "1813");
    await expect(chat(page)).toContainText("Please bring it back by Friday.");
    await expect(chat(page)).toContainText("We are open from nine to five.");
  });

  await test.step("an action fails: where, its log, and an answer in its place", async () => {
    await say(page, "renew my loan");
    const failure = chat(page).getByRole("listitem").filter({ hasText: "KeyError: 'due'" });
    await expect(failure).toContainText(
      "Custom action 'action_renew_loan' failed: KeyError: 'due' (actions/loans.py, line 66)",
    );
    await failure.getByRole("button", { name: "Show the log" }).click();
    const log = page.getByRole("dialog");
    await expect(log).toContainText("[actions] Traceback (most recent call last):");
    await expect(log).toContainText("[actions] Emma is lent");
    const download = page.waitForEvent("download");
    await log.getByRole("button", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toBe("version-1-running.log");
    await expectAccessible(page);
    await page.keyboard.press("Escape");

    await failure.getByRole("button", { name: "Answer for it" }).click();
    await page.getByRole("button", { name: "Add a text" }).click();
    await page.getByLabel("Text 1", { exact: true }).fill("Renewed by hand.");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Use this answer" }).click();
    await expect(failure.getByRole("button", { name: "Change" })).toBeVisible();
    await say(page, "renew my loan");
    await expect(chat(page)).toContainText("Renewed by hand.");
    await expect(chat(page)).toContainText("You may keep it longer.");
  });

  await test.step("the details have the log, too", async () => {
    await page.getByText("Inspector", { exact: true }).click();
    await page.getByRole("tab", { name: "Actions" }).click();
    const details = page.getByRole("complementary", { name: "Details" });
    await details.getByRole("button", { name: "Show the log" }).click();
    await expect(page.getByRole("dialog")).toContainText("[actions] Emma is lent");
  });
});

function chat(page: Page) {
  return page.getByRole("list", { name: "Messages" });
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Write a message").fill(text);
  await page.getByLabel("Write a message").press("Enter");
}
