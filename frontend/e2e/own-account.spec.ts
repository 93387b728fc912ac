import { expect, test } from "@playwright/test";
import { picture, settled } from "./pages";
import { expectAccessible, manage, signIn } from "./studio";

const GIVEN = process.env["STUDIO_ADMIN_PASSWORD"] ?? "";

test("a first password is replaced at the first sign-in; name and password are one's own", async ({
  page,
}) => {
  const user = `noor-${Date.now()}`;
  manage("users", "create", user, "--role", "Business User", "--temporary");

  await test.step("the sign-in asks for a password of one's own", async () => {
    await page.goto("/");
    await page.getByLabel("Email or user name").fill(user);
    await page.getByLabel("Password", { exact: true }).fill(GIVEN);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Choose a password" })).toBeVisible();
    const chosen = page.getByLabel("New password");
    await expect(chosen).toBeFocused();
    await expectAccessible(page);
    await picture(page, "sign-in-new-password");
    await chosen.fill(GIVEN);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("alert")).toContainText("Choose another password");
    await chosen.fill("a password of my own");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: new RegExp(`Good .*${user}`) })).toBeVisible();
  });

  await test.step("the name is changed in the account menu, and taken back", async () => {
    await page.getByRole("button", { name: /^Account/ }).click();
    await page.getByRole("menuitem", { name: "Your account" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Noor Haddad");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: "Account: Noor Haddad" })).toBeVisible();
    await expect(page.getByText("Sees assistants and talks to them.")).toBeVisible();
    await settled(page);
    await expectAccessible(page);
    await picture(page, "own-account");
    await page.getByRole("button", { name: /Undo/ }).click();
    await expect(page.getByRole("button", { name: `Account: ${user}` })).toBeVisible();
  });

  await test.step("the password is changed by who knows the present one", async () => {
    const present = page.getByLabel("Present password");
    await present.fill("not it");
    await page.getByLabel("New password").fill("a better one of my own");
    await page.getByRole("button", { name: "Change the password" }).click();
    await expect(page.getByText("This is not your present password.")).toBeVisible();
    await present.fill("a password of my own");
    await page.getByRole("button", { name: "Change the password" }).click();
    await expect(page.getByText("Your password is changed")).toBeVisible();
    await expect(present).toHaveValue("");
    await page.reload();
    await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible();
  });

  await test.step("a phone in the dark", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: "dark" });
    await settled(page);
    await expectAccessible(page);
    await picture(page, "own-account-390-dark");
  });
});

test("an administrator deletes a person, and is told what stays", async ({ page }) => {
  const user = `gone-${Date.now()}`;
  manage("users", "create", user, "--role", "Annotator");
  await signIn(page);
  await page.goto(`/settings/people?search=${user}`);
  const row = page.getByRole("row", { name: user });
  await row.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByRole("dialog")).toContainText("What the person made stays");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(row).toHaveCount(0);
});
