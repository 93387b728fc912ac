import { join } from "node:path";
import { type APIRequestContext, expect, type Page, test } from "@playwright/test";
import { card, saved } from "./authoring";
import { accessToken, createUser, expectAccessible, signIn } from "./studio";

const pictures = process.env["SCREENSHOTS_DIR"];
const UPLOAD =
  "mutation UploadModernAssistant($input: UploadModernAssistantInput!) { uploadModernAssistant(input: $input) }";
const DOMAIN =
  "version: '3.1'\nresponses:\n  utter_done:\n  - text: Done.\nslots:\n  amount:\n    type: float\n";

/** What the Rasa CLI sends of a project with one flow. */
const flows = (description: string, asked: string) => `flows:
  pay:
    description: ${description}
    steps:
    - collect: amount
      description: ${asked}
    - action: utter_done
`;

async function push(request: APIRequestContext, name: string, text: string): Promise<string[]> {
  const encoded = (part: string) => Buffer.from(part).toString("base64");
  const answer = await request.post("/api/graphql/", {
    headers: { Authorization: `Bearer ${await accessToken(request)}` },
    data: {
      query: UPLOAD,
      variables: {
        input: { assistantName: name, flows: encoded(text), domain: encoded(DOMAIN) },
      },
    },
  });
  expect(answer.status()).toBe(200);
  const { errors = [] } = (await answer.json()) as { errors?: { message: string }[] };
  return errors.map(({ message }) => message);
}

async function idOf(request: APIRequestContext, name: string): Promise<string> {
  const answer = await request.post("/api/graphql/", {
    headers: { Authorization: `Bearer ${await accessToken(request)}` },
    data: {
      query:
        "query A($input: AssistantByNameInput!) { assistantByName(input: $input) { ... on Assistant { id } } }",
      variables: { input: { assistantName: name } },
    },
  });
  const { data } = (await answer.json()) as { data: { assistantByName: { id: string } } };
  return data.assistantByName.id;
}

/** Edits what the flow is for, as a designer does, and waits until it is stored. */
async function describe(page: Page, text: string): Promise<void> {
  await card(page, "Start: ").click();
  await page.getByLabel("Description").fill(text);
  await saved(page);
}

test("a designer edits while a developer pushes: apart in silence, the same field on a page", async ({
  page,
  request,
}) => {
  const designer = `tova-${Date.now()}`;
  const name = `Pushed ${Date.now()}`;
  createUser(designer, "Flow Builder");
  expect(await push(request, name, flows("pay somebody", "how much"))).toEqual([]);
  await signIn(page, designer);
  const flow = `/assistants/${await idOf(request, name)}/flows/pay`;
  await page.goto(flow);

  await test.step("two fields: nobody is asked, and nothing is lost", async () => {
    await describe(page, "pay somebody at once");
    expect(await push(request, name, flows("pay somebody", "how many euros"))).toEqual([]);
    await page.reload();
    await page
      .getByRole("button", { name: /amount/i })
      .first()
      .click();
    await expect(page.getByText("how many euros").first()).toBeVisible();
    await card(page, "Start: ").click();
    await expect(page.getByLabel("Description")).toHaveValue("pay somebody at once");
  });

  let address = "";
  await test.step("one field: the push is refused with words and a link", async () => {
    await describe(page, "pay a friend");
    const said = await push(request, name, flows("pay anybody", "how many euros"));
    expect(said[0]).toBe("Nothing was pushed. One field was changed by others and by you.");
    expect(said[1]).toContain(`flow *pay*: the description was changed by ${designer}`);
    address = said.at(-1)?.replace("Decide here: ", "") ?? "";
    expect(address).toContain("/branches/push-of-admin/merge");
  });

  await test.step("the page asks, and merges what was decided", async () => {
    await page.goto(new URL(address).pathname.replace(/branches.*/, "flows"));
    await page.getByRole("button", { name: "1 branch" }).click();
    await expect(page.getByRole("menuitem")).toContainText("Admin, ");
    if (pictures) await page.screenshot({ path: join(pictures, "branches.png") });
    await page.getByRole("menuitem", { name: "Merge “push-of-admin”" }).click();
    await expect(page).toHaveURL(new URL(address).pathname);
    await expect(page.getByRole("heading", { name: "Two people changed the same" })).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "open" })).toHaveText(
      "1 field is still open",
    );
    const merge = page.getByRole("button", { name: "Merge", exact: true });
    await expect(merge).toBeDisabled();
    const row = page.getByRole("listitem").filter({ hasText: "flow pay: description" });
    await expect(row).toContainText("pay a friend");
    await expect(row).toContainText("pay anybody");
    await page.keyboard.press("n");
    await expect(row.getByRole("radio").first()).toBeFocused();
    await expectAccessible(page);
    if (pictures) await page.screenshot({ path: join(pictures, "merge.png") });
    await expect(page.getByRole("region", { name: "The flow" })).toContainText("amount");
    await page.keyboard.press("3");
    await expect(row.getByRole("radio", { name: /In “push-of-admin”/ })).toBeChecked();
    await page.keyboard.press("e");
    const result = row.getByRole("textbox", { name: "Result" });
    await expect(result).toBeFocused();
    await expect(result).toHaveValue("pay anybody");
    await result.fill("pay a friend or anybody");
    await expect(row.getByRole("button").first()).toContainText("In “push-of-admin”, edited");
    await expectAccessible(page);
    if (pictures) {
      await page.screenshot({ path: join(pictures, "merge-edited.png") });
      await page.setViewportSize({ width: 900, height: 800 });
      await page.screenshot({ path: join(pictures, "merge-narrow.png") });
      await page.setViewportSize({ width: 1280, height: 720 });
      await page.emulateMedia({ colorScheme: "dark" });
      await page.screenshot({ path: join(pictures, "merge-dark.png") });
      await page.emulateMedia({ colorScheme: "light" });
    }
    await expect(page.getByRole("status").filter({ hasText: "decided" })).toBeVisible();
    await merge.click();
    await expect(page.getByText("Merged into “main”")).toBeVisible();
    await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
    await expect(page.getByRole("button", { name: "1 branch" })).toBeHidden();
    await page.goto(flow);
    await card(page, "Start: ").click();
    await expect(page.getByLabel("Description")).toHaveValue("pay a friend or anybody");
  });
});
