import { type APIRequestContext, expect, type Page } from "@playwright/test";

const keycloak = process.env["KEYCLOAK_URL"] ?? "";
const realm = `${keycloak}/admin/realms/rasa-studio`;

/** Changes settings of the realm, as its administrator. */
export async function setRealm(request: APIRequestContext, body: object): Promise<void> {
  const answer = await request.put(realm, { headers: await asAdministrator(request), data: body });
  expect(answer.ok()).toBe(true);
}

/** A person as an administrator adds one; a password is good for one sign-in. */
export async function addPerson(
  request: APIRequestContext,
  person: { username: string; firstName: string; lastName: string; groups: string[] },
  password?: string,
): Promise<void> {
  const answer = await request.post(`${realm}/users`, {
    headers: await asAdministrator(request),
    data: {
      ...person,
      email: `${person.username}@studio.example`,
      emailVerified: true,
      enabled: true,
      credentials: password ? [{ type: "password", value: password, temporary: true }] : [],
    },
  });
  expect(answer.status()).toBe(201);
}

async function asAdministrator(request: APIRequestContext): Promise<Record<string, string>> {
  const signedIn = await request.post(`${keycloak}/realms/master/protocol/openid-connect/token`, {
    form: {
      grant_type: "password",
      client_id: "admin-cli",
      username: process.env["KEYCLOAK_ADMIN_USERNAME"] ?? "",
      password: process.env["KEYCLOAK_ADMIN_PASSWORD"] ?? "",
    },
  });
  const { access_token } = (await signedIn.json()) as { access_token: string };
  return { Authorization: `Bearer ${access_token}` };
}

export async function expectSignInPage(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "Welcome back" })).toBeVisible();
  expect(page.url().startsWith(`${keycloak}/realms/rasa-studio/`)).toBe(true);
}

/** Fills in Keycloak's own page. */
export async function signIn(page: Page, user: string): Promise<void> {
  await page.goto("/");
  await expectSignInPage(page);
  await page.getByLabel("Email or user name").fill(user);
  await page.getByLabel("Password", { exact: true }).fill("rasa");
  await page.getByRole("button", { name: "Sign In" }).click();
  await expectHome(page);
}

export async function expectHome(page: Page): Promise<void> {
  await expect(
    page.getByRole("heading", { name: /Good (morning|afternoon|evening)/ }),
  ).toBeVisible();
}

export async function signOut(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
}
