import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { saved } from "./authoring";
import { bytesIn, contentOf, fileText, projectFolder, signIn, signInByForm, zipOf } from "./studio";

/** The main job: import, look, edit, train, talk, read back, export. One person, one afternoon. */
test("a project comes in, is edited, trained, talked to, read back and goes out", async ({
  page,
}) => {
  const folder = projectFolder();
  const zip = zipOf(folder);

  await test.step("sign in and import the project", async () => {
    await signInByForm(page);
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Import" }).click();
    await (await chooser).setFiles(zip);
    const report = page.getByRole("dialog");
    await expect(report).toContainText("flows");
    await expect(report).toContainText("NOTES.txt");
    await report.getByRole("link", { name: "Open the flows" }).click();
  });

  await test.step("see the flows and open one on the canvas", async () => {
    await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
    await page.getByRole("row", { name: /fix the internet/i }).click();
    for (const kind of ["Start", "Collect information", "Logic", "Send message"]) {
      await expect(card(page, `${kind}: `).first()).toBeVisible();
    }
    await page.getByRole("link", { name: "Flows" }).first().click();
    await page.getByLabel("Name, description or slot").fill("top up");
    await expect(page.getByRole("row")).toHaveCount(2);
    await page.getByRole("row", { name: /top up/i }).click();
    await expect(card(page, "Collect information: Collect top up amount")).toBeVisible();
  });

  await test.step("edit what it says, and undo and redo", async () => {
    const asking = card(page, "Collect information: Collect top up amount");
    await asking.click();
    const text = page.getByLabel("Text of variation 1");
    await text.fill("How much would you like to add, in euros?");
    await text.blur();
    await expect(asking).toContainText("How much would you like");
    await card(page, "Start: ").click();
    const description = page.getByLabel("Description");
    const before = await description.inputValue();
    await description.fill(`${before} quickly`);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(description).toHaveValue(before);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(asking).not.toContainText("How much would you like");
    await page.getByRole("button", { name: "Redo" }).click();
    await expect(asking).toContainText("How much would you like");
    await page.getByRole("button", { name: "Redo" }).click();
    await expect(description).toHaveValue(`${before} quickly`);
    await saved(page);
  });

  await test.step("a mistake is shown where it is made, and goes away when it is mended", async () => {
    await card(page, "Collect information: Collect top up amount").click();
    await page.getByRole("button", { name: "Add a step here" }).first().click();
    await page.getByLabel("Find a step kind").fill("mes");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Not finished" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("button", { name: "1 problem", exact: true })).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByRole("button", { name: "No problems" })).toBeVisible();
    await saved(page);
  });

  await test.step("train", async () => {
    await page.getByRole("button", { name: "Train", exact: true }).click();
    const panel = page.getByRole("complementary", { name: /Train version/ });
    await expect(panel.getByRole("checkbox", { name: /top up/i })).toBeChecked();
    await panel.getByRole("button", { name: "Start training" }).click();
    await expect(panel.getByText("Version 1 is ready")).toBeVisible({ timeout: 20_000 });
    await panel.getByRole("link", { name: "Chat" }).click();
  });

  await test.step("talk to it while the canvas follows", async () => {
    const chat = page.getByRole("list", { name: "Messages" });
    await expect(chat).toContainText(/help|hello|welcome/i, { timeout: 15_000 });
    await say(page, "top up my phone");
    await expect(chat).toContainText(/number/i);
    await say(page, "0171 2345678");
    await expect(chat).toContainText("How much would you like to add, in euros?");
    await expect(page.getByText("Waiting here").first()).toBeVisible();
    await say(page, "ten");
    await expect(chat).toContainText("€10 has been added to 0171 2345678.");
    await page.getByText("Inspector", { exact: true }).click();
    await expect(
      page.getByRole("button", { name: /top up my phone/, expanded: false }),
    ).toBeVisible();
    await page.getByText("Basic", { exact: true }).click();
    await page.getByRole("button", { name: "New conversation" }).first().click();
    const again = page.getByRole("menuitem", { name: /^New conversation/ });
    if (await again.isVisible()) await again.click();
    await expect(chat).not.toContainText("€10 has been added");
  });

  await test.step("read the conversation back", async () => {
    await page.getByRole("link", { name: "Conversations" }).click();
    const row = page.getByRole("row", { name: /top up my phone/i });
    await expect(row).toBeVisible({ timeout: 15_000 });
    await expect(row).toContainText("Test");
    await row.click();
    const thread = page.getByRole("main");
    await expect(thread).toContainText("Top up started");
    await expect(thread).toContainText("€10 has been added to 0171 2345678.");
    const lines = await thread.getByRole("button").allInnerTexts();
    const order = ["top up my phone", "0171 2345678", "ten", "€10 has been added"].map((words) =>
      lines.findIndex((line) => line.includes(words)),
    );
    expect(order.every((place) => place >= 0)).toBe(true);
    expect([...order].sort((a, b) => a - b)).toEqual(order);
    await thread.getByRole("button", { name: /€10 has been added/ }).click();
    await expect(page.getByRole("complementary", { name: "Session" })).toContainText(
      "0171 2345678",
    );
  });

  await test.step("export it and get the same content back", async () => {
    await page.getByRole("link", { name: "Home" }).click();
    const cardOfIt = page.getByRole("article").filter({ hasText: basename(folder) });
    await cardOfIt.getByRole("button", { name: "More" }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Export" }).click();
    const exported = `${folder}-exported.zip`;
    await (await download).saveAs(exported);
    expect(bytesIn(exported, "config.yml")).toBe(fileText(folder, "config.yml"));
    expect(bytesIn(exported, "endpoints.yml")).toBe(fileText(folder, "endpoints.yml"));
    expect(bytesIn(exported, "NOTES.txt")).toBe(fileText(folder, "NOTES.txt"));
    const before = contentOf(zip);
    const after = contentOf(exported);
    const [flow] = Object.values(before.flows).filter((each) => each.name === "top up");
    const question = before.responses["utter_ask_top_up_amount"];
    if (!flow || !question?.[0]) throw new Error("the sample has no flow called top up any more");
    flow.description += " quickly";
    question[0].text = "How much would you like to add, in euros?";
    expect(after).toEqual(before);
  });
});

/** A step on the canvas, by kind, title or subtitle as screen readers hear it. */
function card(page: Page, words: string) {
  return page.locator("[data-card]").and(page.getByRole("button", { name: words }));
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByLabel("Write a message").fill(text);
  await page.keyboard.press("Enter");
}

test("a zip that is wrong says what and where, and nothing is saved", async ({ page }) => {
  await signIn(page);
  await page.goto("/");
  const folder = projectFolder();
  writeFileSync(`${folder}/data/flows/broken.yml`, "flows:\n  broken:\n    steps: [\n");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Import" }).click();
  await (await chooser).setFiles(zipOf(folder));
  const report = page.getByRole("dialog");
  await expect(report).toContainText("was not imported");
  await expect(report).toContainText(/data\/flows\/broken\.yml:\d/);
  await expect(report).toContainText("Nothing was saved");
});
