import { expect, type Locator, type Page, test } from "@playwright/test";
import {
  type Item,
  madeSample,
  type Server,
  serverAt,
  serverOf,
  trained,
  trainedSample,
} from "./authoring";
import { converse, expectFits, picture, settled } from "./pages";
import { createUser, expectAccessible, signIn } from "./studio";

const FILE = "e2e_tests/cards_and_branches.yml";

test("a talk becomes a test; what fails says why, and is accepted", async ({ page, request }) => {
  test.setTimeout(240_000);
  const id = await trainedSample(request, `Tests page ${Date.now()}`, "bank");
  const server = await serverAt(request, id);
  const list = page.getByRole("listbox", { name: "Tests" });
  const main = page.getByRole("main");
  await signIn(page);

  await test.step("Save as test in Try it lands on the new test, named by the first words", async () => {
    await page.goto(`/assistants/${id}/try`);
    await converse(page);
    await page.getByRole("button", { name: "Save as test" }).click();
    await expect(page).toHaveURL(/\/tests\?test=/);
    await expect(
      main.getByRole("heading", { name: "I want to send money to Lena Sommer" }),
    ).toBeVisible();
    await expect(main.getByText("starts Transfer money")).toBeVisible();
    await expect(main.getByText(/amount is 250/)).toBeVisible();
  });

  await test.step("so does a conversation that was held, up to what is chosen in it", async () => {
    await page.goto(`/assistants/${id}/conversations`);
    await page
      .getByRole("row", { name: /Lena Sommer/ })
      .first()
      .click();
    await main.getByRole("button", { name: "I want to send money to Lena Sommer" }).click();
    await expect(page).toHaveURL(/event=/);
    await page.getByRole("button", { name: "More" }).last().click();
    await page.getByRole("menuitem", { name: "Save as test up to the chosen" }).click();
    await expect(
      main.getByRole("heading", { name: "I want to send money to Lena Sommer (2)" }),
    ).toBeVisible();
    await expect(main.getByRole("listitem").filter({ hasText: "They say" })).toHaveCount(1);
    await page.goBack();
    await page.goto(
      `/assistants/${id}/tests?test=${encodeURIComponent("e2e_tests/tests.yml::I want to send money to Lena Sommer")}`,
    );
  });

  await test.step("it passes at once", async () => {
    await main.getByRole("button", { name: /^Run/ }).click();
    await expect(main.getByText("Passed", { exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(main.getByLabel("As expected").first()).toBeVisible();
  });

  await test.step("all run; each flow says how many of its steps they visit", async () => {
    await page.getByRole("button", { name: /^Run \d+$/ }).click();
    await expect(page.getByText(/^(\d\d) of \1 passed$/).first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole("link", { name: "Transfer money" })).toBeVisible();
    await settled(page);
    await expectAccessible(page);
  });

  await test.step("other words, and tests fail: expected beside what it did", async () => {
    await greetInsteadOfBranches(server);
    await page.reload();
    await expect(page.getByText("Version 2", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: /^Run \d+$/ }).click();
    await expect(page.getByText(/^\d\d of \d\d passed$/).first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(/^Failing [1-9]/)).toBeVisible({ timeout: 60_000 });
    await page.getByText(/^Failing [1-9]/).click();
    await expect(page).toHaveURL(/show=failed/);
    await list.getByRole("option", { name: /not plain ASCII/ }).click();
    const failure = main.getByRole("region", { name: /than expected$/ });
    await expect(failure).toContainText("What it did");
    await expect(failure).toContainText(/welcome to Everyday Bank/);
    await settled(page);
    await expectAccessible(page);
    await picture(page, "tests-failure-light");
    await page.emulateMedia({ colorScheme: "dark" });
    await settled(page);
    await expectAccessible(page);
    await picture(page, "tests-failure-dark");
    await page.setViewportSize({ width: 1024, height: 768 });
    await expectFits(page);
    await picture(page, "tests-failure-1024-dark");
    await page.setViewportSize({ width: 390, height: 800 });
    await expectFits(page);
    await picture(page, "tests-failure-390-dark");
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await test.step("accepted until it passes; one step back is one Undo", async () => {
    await accepted(page, main);
    await expect(main.getByText("Passed", { exact: true })).toBeVisible();
    await page.getByRole("button", { name: /^Undo/ }).last().click();
    await expect(main.getByText("answers Branch munich")).toBeVisible();
  });
});

test("tests by the keyboard: made, written, renamed, deleted and brought back", async ({
  page,
  request,
}) => {
  test.setTimeout(120_000);
  const id = await trainedSample(request, `Tests by keys ${Date.now()}`, "bank");
  const server = await serverAt(request, id);
  const main = page.getByRole("main");
  await signIn(page);
  await page.goto(`/assistants/${id}/tests`);
  await expect(page.getByRole("option").first()).toBeVisible();

  await test.step("c begins one; Enter adds what is said and what is expected", async () => {
    await page.keyboard.press("c");
    await page.keyboard.type("how much money do I have");
    await page.keyboard.press("Enter");
    await expect(main.getByRole("heading", { name: "how much money do I have" })).toBeVisible();
    // The new test asks at once what is expected.
    await expect(main.getByRole("combobox", { name: "Expect" })).toBeFocused();
    await page.keyboard.press("Tab");
    await page.keyboard.type("account type");
    await page.keyboard.press("Enter");
    await expect(main.getByText("answers Ask for account type")).toBeVisible();
    await page.keyboard.press("Escape");
    await main.getByRole("button", { name: "They say" }).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("savings");
    await page.keyboard.press("Enter");
    await expect(main.getByRole("combobox", { name: "Expect" })).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(main.getByText(/^Saved/)).toHaveAttribute("aria-busy", "false");
    const stored = await server.get<Item<object>>(
      `tests/${encodeURIComponent("e2e_tests/cards_and_branches.yml::how much money do I have")}/`,
    );
    expect(stored.body).toEqual({
      test_case: "how much money do I have",
      steps: [
        {
          user: "how much money do I have",
          assertions: [{ bot_uttered: { utter_name: "utter_ask_account_type" } }],
        },
        { user: "savings" },
      ],
    });
  });

  await test.step("r runs it", async () => {
    await focusNothing(page);
    await page.keyboard.press("r");
    await expect(main.getByText("Passed", { exact: true })).toBeVisible({ timeout: 30_000 });
  });

  await test.step("y shows its YAML, where what cannot be run is said at its line", async () => {
    await page.keyboard.press("y");
    await expect(page).toHaveURL(/as=yaml/);
    const editor = main.locator(".cm-content");
    await expect(editor).toContainText("user: savings");
    await editor.focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("- us");
    await expect(page.locator(".cm-tooltip-autocomplete")).toContainText("user");
    await page.keyboard.press("Escape");
    for (const _sign of "- us") await page.keyboard.press("Backspace");
    await page.keyboard.type("- says: nothing\n");
    await expect(main.getByText(/^Line \d+: .*a step needs one of/)).toBeVisible();
    await settled(page);
    await expectAccessible(page);
    await picture(page, "tests-yaml-light");
    for (const _part of [1, 2, 3]) await page.keyboard.press("Control+z");
    await expect(main.getByText(/a step needs one of/)).toHaveCount(0);
    await page.keyboard.press("Escape");
    await focusNothing(page);
    await page.keyboard.press("y");
    await expect(page).not.toHaveURL(/as=yaml/);
  });

  await test.step("F2 renames, Delete deletes, Ctrl Z brings it back", async () => {
    await page.keyboard.press("F2");
    await page.getByRole("dialog").getByLabel("Name").fill("the balance");
    await page.keyboard.press("Enter");
    await expect(main.getByRole("heading", { name: "the balance" })).toBeVisible();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await focusNothing(page);
    await page.keyboard.press("Delete");
    await expect(page.getByText("“the balance” deleted")).toBeVisible();
    await expect(page.getByRole("option", { name: "the balance" })).toHaveCount(0);
    await page.keyboard.press("Control+z");
    await expect(main.getByRole("heading", { name: "the balance" })).toBeVisible();
    const file = await server.get<Item<string>>(`files/${encodeURIComponent(FILE)}/`);
    expect(file.body).toContain("- test_case: the balance\n");
  });

  await test.step("a file that cannot be read is a row with its error; a phone shows one thing at a time", async () => {
    const file = await server.get<Item<string>>(`files/${encodeURIComponent(FILE)}/`);
    await server.put(`files/${encodeURIComponent(FILE)}/`, {
      revision: file.revision,
      body: `${file.body}  - test_case: half\n`,
    });
    await page.goto(`/assistants/${id}/tests?show=failed`);
    await expect(main.getByRole("alert")).toContainText("a test case needs");
    await expect(main.getByRole("link", { name: "Open the file" })).toHaveAttribute(
      "href",
      /file=e2e_tests.*line=\d+/,
    );
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`/assistants/${id}/tests`);
    await page.getByRole("option").first().click();
    await expect(main.getByRole("heading", { level: 2 })).toBeVisible();
    await expectFits(page);
    await main.getByRole("button", { name: "Tests" }).click();
    await expect(page.getByRole("option").first()).toBeVisible();
  });
});

test("who may only look changes nothing; without tests there is a way to the first", async ({
  page,
  request,
}) => {
  const name = `looks-at-tests-${Date.now()}`;
  createUser(name, "Business User");
  const id = await madeSample(request, `Looked at ${Date.now()}`, "bank");
  await signIn(page, name);
  await page.goto(`/assistants/${id}/tests`);
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { level: 2 })).toBeVisible();
  await expect(page.getByRole("button", { name: "New test" })).toBeDisabled();
  await expect(main.getByRole("button", { name: "They say" })).toHaveCount(0);
  await settled(page);
  await expectAccessible(page);
  const bare = await serverOf(request, "No tests");
  await page.goto(`/assistants/${bare.id}/tests`);
  await main.getByRole("link", { name: "Talk to it and save the talk" }).click();
  await expect(page).toHaveURL(/\/try/);
});

/** `a` accepts what was seen first, and the test runs again; several things may be new in one. */
async function accepted(page: Page, main: Locator): Promise<void> {
  await focusNothing(page);
  const failure = main.getByRole("region", { name: /than expected$/ });
  const ended = main.getByText(/^(Passed|Failed)$/);
  for (let turn = 0; turn < 8 && (await failure.count()) > 0; turn += 1) {
    const before = await failure.allTextContents();
    await page.keyboard.press("a");
    await expect.poll(() => failure.allTextContents(), { timeout: 30_000 }).not.toEqual(before);
    await expect(ended).toBeVisible({ timeout: 30_000 });
  }
}

async function focusNothing(page: Page): Promise<void> {
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
}

/** What the tests about branches expect is no longer said. */
async function greetInsteadOfBranches(server: Server): Promise<void> {
  const { revision, body } = await server.get<Item<object>>("flows/find_branch/");
  const steps = [{ action: "utter_greet" }];
  await server.put("flows/find_branch/", { revision, body: { ...body, steps } });
  await trained(server);
}
