import { expect, test } from "@playwright/test";
import { madeSample } from "./authoring";
import { expectFits, picture, settled } from "./pages";
import { createUser, expectAccessible, signIn } from "./studio";

test("German: chosen in the account menu, kept in this browser, and at the sign-in", async ({
  page,
}) => {
  // Of one's own: signing out ends the session that other tests share. No super user: another test needs admin to be the only one.
  const user = `deutsch-${Date.now()}`;
  createUser(user, "Developer");
  await signIn(page, user);
  await page.goto("/");
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitemradio", { name: "Deutsch" }).click();
  await expect(page.getByRole("heading", { name: /^Guten / })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await settled(page);
  await expectAccessible(page);
  await picture(page, "german-home");
  await page.reload();
  await page.getByRole("button", { name: "Neuer Assistent" }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("Sprache").first()).toHaveValue("Deutsch");
  await dialog.getByLabel("Name").fill(`Neu ${Date.now()}`);
  await picture(page, "german-new-assistant");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("row", { name: /was ich kann/ })).toBeVisible();
  await page.getByRole("button", { name: /^Konto/ }).click();
  await page.getByRole("menuitem", { name: "Abmelden" }).click();
  await expect(page.getByRole("button", { name: "Anmelden" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Sprache: Deutsch" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
});

test("pages have room for German words", async ({ page, request }) => {
  const assistant = await madeSample(request, `Deutsch ${Date.now()}`, "bank");
  await signIn(page);
  await page.goto("/");
  await page.evaluate(() => window.localStorage.setItem("studio-language", "de"));
  for (const [path, words] of [
    ["flows", "Was der Assistent kann"],
    ["flows/transfer_money?step=ask_amount", "Was erfragt wird"],
    ["responses", "Sagt eines davon"],
    ["slots?name=amount", "Gefüllt durch"],
    ["versions", "Jedes Training"],
    ["settings/languages", "Was der Assistent spricht"],
  ] as const) {
    await page.goto(`/assistants/${assistant}/${path}`);
    await expect(page.getByText(words).first()).toBeVisible();
    await expectFits(page);
    await picture(page, `german-${path.split(/[/?]/).join("-")}`);
  }
  await page.setViewportSize({ width: 390, height: 800 });
  await expectFits(page);
});
