import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { expectAccessible } from "../studio";
import { Mailbox } from "./mailbox";
import { addPerson, expectHome, expectSignInPage, setRealm, signIn } from "./realm";

const pictures = process.env["SCREENSHOTS_DIR"];
const PASSWORD = "a long one of her own";
const MAIL_OFF = { smtpServer: {}, registrationAllowed: false, resetPasswordAllowed: false };

// A dozen pages, each looked at in both themes.
test.setTimeout(180_000);

let mailbox: Mailbox;

test.beforeAll(() => {
  mailbox = new Mailbox();
});

test.afterAll(async ({ request }) => {
  await setRealm(request, { ...MAIL_OFF, verifyEmail: false });
  mailbox.close();
});

test("an invited person chooses a password by the mail, and has the roles given", async ({
  page,
  browser,
  request,
}) => {
  const username = `mara${Date.now()}`;
  await addPerson(request, { username, firstName: "Mara", lastName: "Winter", groups: [] });
  await setRealm(request, { smtpServer: await mailbox.settings() });

  await test.step("an administrator gives a role and invites", async () => {
    await signIn(page, "superuser");
    await page.getByRole("link", { name: "Settings" }).click();
    await page.getByLabel("Find a person").fill(username);
    const row = page.getByRole("row", { name: /Mara Winter/ });
    await row.getByRole("button", { name: /More/ }).click();
    await page.getByRole("menuitem", { name: "Change roles" }).click();
    await page.getByLabel("Annotator", { exact: true }).check();
    await page.getByRole("button", { name: "Save" }).click();
    await expect(row).toContainText("Annotator");
    await row.getByRole("button", { name: /More/ }).click();
    await page.getByRole("menuitem", { name: "Invite" }).click();
    await expect(page.getByText("An invitation is on its way to Mara Winter")).toBeVisible();
  });

  const hers = await anotherPerson(browser);
  await test.step("the mail leads to Keycloak, where she chooses a password", async () => {
    const mail = await mailbox.mailTo(`${username}@studio.example`, /Update Your Account/);
    await hers.goto(mail.link);
    await looksRight(hers, "invited");
    await hers.getByRole("link", { name: "Go on" }).click();
    await choosePassword(hers, "invited-password");
    await expect(hers.getByText("Your account has been updated.")).toBeVisible();
    await looksRight(hers, "invited-done");
  });

  await test.step("she signs in and has that role", async () => {
    await hers.getByRole("link", { name: "Go to Studio" }).click();
    await expectSignInPage(hers);
    await hers.getByLabel("Email or user name").fill(username);
    await hers.getByLabel("Password", { exact: true }).fill(PASSWORD);
    const me = hers.waitForResponse((each) => each.url().endsWith("/api/v1/me/"));
    await hers.getByRole("button", { name: "Sign In" }).click();
    await expectHome(hers);
    expect(((await (await me).json()) as { roles: string[] }).roles).toEqual(["Annotator"]);
  });
  await hers.context().close();
});

test("a mail server that is away is said where one invites, with the page that mends it", async ({
  page,
  request,
}) => {
  await setRealm(request, {
    smtpServer: { host: "127.0.0.1", port: "1", from: "studio@studio.example" },
  });
  await signIn(page, "superuser");
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByLabel("Find a person").fill("businessuser");
  const row = page.getByRole("row", { name: /Business User Example/ });
  await row.getByRole("button", { name: /More/ }).click();
  await page.getByRole("menuitem", { name: "Invite" }).click();
  const told = page.getByRole("alert").filter({ hasText: "mail server is away" });
  await expect(told).toContainText("then invite again");
  await expectAccessible(page);
  await picture(page, "invite-away");
  const console = page.context().waitForEvent("page");
  await told.getByRole("button", { name: "Open the page" }).click();
  expect((await console).url()).toContain("/admin/rasa-studio/console/");
});

test("who forgot the password gets a mail and chooses another one", async ({ page, request }) => {
  const username = `lena${Date.now()}`;
  const person = { username, firstName: "Lena", lastName: "Sommer", groups: ["Developer"] };
  await addPerson(request, person, "an old one that is gone");
  await setRealm(request, { smtpServer: await mailbox.settings(), resetPasswordAllowed: true });
  await page.goto("/");
  await page.getByRole("link", { name: "Forgot it?" }).click();
  await expect(page.getByRole("heading", { name: "Forgot your password?" })).toBeVisible();
  await looksRight(page, "forgot");
  await page.getByLabel("Email or user name").fill(username);
  await page.getByRole("button", { name: "Submit" }).click();
  await expectSignInPage(page);
  await looksRight(page, "forgot-sent");
  const mail = await mailbox.mailTo(`${username}@studio.example`, /Reset password/);
  await page.goto(mail.link);
  await choosePassword(page, "forgot-password");
  await expectHome(page);
});

test("one registers, proves the address by mail, and is told that roles are missing", async ({
  page,
  request,
}) => {
  const username = `ida${Date.now()}`;
  const email = `${username}@studio.example`;
  const smtpServer = await mailbox.settings();
  await setRealm(request, { smtpServer, registrationAllowed: true, verifyEmail: true });
  await page.goto("/");
  await page.getByRole("link", { name: "Register" }).click();
  await expect(page.getByRole("heading", { name: "Register" })).toBeVisible();
  await looksRight(page, "register");
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByText("Please specify email.")).toBeVisible();
  await looksRight(page, "register-wrong");
  await page.getByLabel("User name").fill(username);
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("First name").fill("Ida");
  await page.getByLabel("Last name").fill("Berg");
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("heading", { name: "Email verification" })).toBeVisible();
  await looksRight(page, "register-verify");
  const mail = await mailbox.mailTo(email, /Verify email/);
  await page.goto(mail.link);
  await choosePassword(page, "register-password");
  await expectHome(page);
  await expect(page.getByText("An administrator can give it.")).toBeVisible();
  await expectAccessible(page);
  await picture(page, "register-home");
});

test("a realm that allows neither has no page for them", async ({ page, request }) => {
  await setRealm(request, MAIL_OFF);
  await page.goto("/");
  await expectSignInPage(page);
  for (const name of ["Register", "Forgot it?"])
    await expect(page.getByRole("link", { name })).toHaveCount(0);
  const address = page.url();
  await page.goto(address.replace("/openid-connect/auth?", "/openid-connect/registrations?"));
  await expect(page.getByText("Registration not allowed")).toBeVisible();
  await looksRight(page, "refused");
});

async function choosePassword(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("heading", { name: "Choose a password" })).toBeVisible();
  await page.getByLabel("New password").fill("short");
  await page.getByLabel("Confirm password").fill("short");
  await page.getByRole("button", { name: "Submit" }).click();
  await expect(page.getByText(/minimum length 10/)).toBeVisible();
  await looksRight(page, name);
  await page.getByLabel("New password").fill(PASSWORD);
  await page.getByLabel("Confirm password").fill(PASSWORD);
  await page.getByRole("button", { name: "Submit" }).click();
}

/** A browser in which nobody is signed in. */
async function anotherPerson(browser: Browser): Promise<Page> {
  return (await browser.newContext()).newPage();
}

/** Accessible in both themes. */
async function looksRight(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
    await picture(page, `${name}-${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: join(pictures, `mail-${name}.png`) });
}
