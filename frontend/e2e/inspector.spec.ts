import { expect, type Page, test } from "@playwright/test";
import { serverAt, trained, trainedSample } from "./authoring";
import { expectAccessible, signIn } from "./studio";

let address: string;

test.beforeAll(async ({ request }) => {
  address = `/assistants/${await trainedSample(request, `Inspector ${Date.now()}`, "bank")}/try`;
});

test.beforeEach(async ({ page }) => {
  await signIn(page);
  await page.goto(address);
  await page.getByText("Inspector", { exact: true }).click();
  await expect(chat(page)).toContainText(/welcome/i, { timeout: 15_000 });
});

test("a turn tells what was understood, why, and what happened then", async ({ page }) => {
  await say(page, "Send 250 to Lena Sommer please");
  await expect(chat(page)).toContainText("€250 to Lena Sommer");
  const turn = turnOf(page, "Send 250 to Lena Sommer please");
  await expect(turn).toContainText("start flow transfer_money");
  await expect(turn).toContainText("set recipient to Lena Sommer");
  await expect(turn).toContainText("set amount to 250");
  await expect(turn).toContainText("Offline");
  await expect(turn.locator("mark").first()).toHaveText("Send");
  await turn.getByText("Flows it compared with").click();
  await expect(turn.getByRole("row", { name: /Transfer money/ })).toBeVisible();

  await expect(turn).toContainText("Enough money? took Else");
  await expect(turn).toContainText(/recipient nothing → Lena Sommer.*from what was said/);
  await page.getByRole("combobox", { name: "Kind of event" }).click();
  await page.getByRole("option", { name: "Slots" }).click();
  await expect(turn).not.toContainText("Enough money?");
  await page.getByLabel("Filter events").fill("risk");
  await expect(turn).toContainText("1 found");
  const line = turn.getByRole("button", { name: /risk_level nothing → low/ });
  await line.click();
  await expect(turn).toContainText('"name": "risk_level"');
  await page.keyboard.press("Escape");

  await page.getByRole("tab", { name: "Where it is" }).click();
  await expect(page).toHaveURL(/tab=where/);
  const details = page.getByRole("complementary", { name: "Details" });
  await expect(details.getByRole("listitem").first()).toContainText("asks for transfer_confirmed");
  await expect(details.getByText("Waiting here")).toBeVisible();
  await page.getByRole("tab", { name: "Time" }).click();
  await expect(details.getByRole("button", { name: /^Turn 1: / })).toBeVisible();
  await expect(details).toContainText(/Median [\d.]+ m?s/);
});

test("what was not understood becomes an example of a flow, and starts it after a training", async ({
  page,
  request,
}) => {
  const id = await trainedSample(request, `Examples ${Date.now()}`, "bank");
  const server = await serverAt(request, id);
  await page.goto(`/assistants/${id}/try`);
  await expect(chat(page)).toContainText(/welcome/i, { timeout: 15_000 });
  const words = "my purse was nicked";
  await say(page, words);
  await expect(turnOf(page, words)).not.toContainText("start flow block_card");
  const choice = turnOf(page, words).getByRole("combobox", { name: "Add as example of …" });
  await choice.fill("card");
  await page.getByRole("option", { name: /block a card/i }).click();
  await expect(page.getByText(/Train to make it count/).first()).toBeVisible();
  const [commit] = (await server.get<{ results: { message: string }[] }>("commits/")).results;
  expect(commit?.message).toBe("Another example of “block_card”");

  await choice.fill("card");
  await page.getByRole("option", { name: /block a card/i }).click();
  await expect(page.getByText(`“${words}” is an example of`)).toBeVisible();

  await trained(server);
  await page.getByRole("button", { name: "Talk to it" }).click();
  await expect(chat(page)).not.toContainText(words);
  await say(page, words);
  await expect(turnOf(page, words)).toContainText("start flow block_card");
});

test("messages, turns and columns choose each other; keys move between turns", async ({ page }) => {
  await say(page, "How much is in my savings account?");
  await expect(chat(page)).toContainText("€8350");
  await say(page, "Send 250 to Lena Sommer please");
  await expect(chat(page)).toContainText("€250 to Lena Sommer");
  await chat(page).getByRole("button", { name: "How much is in my savings account?" }).click();
  await expect(page).toHaveURL(/turn=1/);
  await expect(head(page, "How much is in my savings account?")).toHaveAttribute(
    "aria-expanded",
    "true",
  );
  await page.getByRole("button", { name: "Turn 2", exact: true }).click();
  await expect(page).not.toHaveURL(/turn=/);
  await head(page, "Send 250 to Lena Sommer please").focus();
  await page.keyboard.press("ArrowUp");
  await expect(head(page, "How much is in my savings account?")).toBeFocused();
  await expect(page).toHaveURL(/turn=1/);
  await page.keyboard.press("ArrowLeft");
  await expect(page.getByRole("button", { expanded: true, name: /savings/ })).toHaveCount(0);
  await page.keyboard.press("j");
  await expect(page).not.toHaveURL(/turn=/);
  await page.getByRole("tab", { name: "Slots" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Where it is" })).toBeFocused();
});

test("a slot is set by hand, the conversation goes on with it, and it is taken back", async ({
  page,
}) => {
  await say(page, "Send 250 to Lena Sommer please");
  await expect(chat(page)).toContainText("€250 to Lena Sommer");
  const amount = page.getByRole("button", { name: "Set amount, now 250" });
  await amount.click();
  const field = page.getByLabel("Value of amount");
  await expect(field).toBeFocused();
  await field.fill("a lot");
  await page.keyboard.press("Enter");
  await expect(page.getByText("A number is needed.")).toBeVisible();
  await field.fill("300");
  await page.keyboard.press("Enter");
  await expect(chat(page)).toContainText("€300 to Lena Sommer");
  await expect(chat(page)).toContainText("You set amount = 300");
  await expect(turnOf(page, "You set amount")).toContainText("amount 250 → 300 by you");
  await expect(page.getByRole("button", { name: "Set amount, now 300" })).toBeFocused();

  await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
  await expect(chat(page)).toContainText("You set amount = 250");
  await page.getByRole("button", { name: "Set transfer_confirmed, now asked" }).click();
  await page.getByText("yes", { exact: true }).click();
  await page.getByRole("button", { name: "Set and go on" }).click();
  await expect(chat(page)).toContainText("Done. €250 is on its way to Lena Sommer.");
});

test("an action is answered for in this conversation, and a reload keeps it all", async ({
  page,
}) => {
  await say(page, "What is the exchange rate of the dollar?");
  await expect(chat(page)).toContainText("One euro is 1.09 in this currency (dollar) today.");
  await page.getByRole("tab", { name: "Actions" }).click();
  const actions = page.getByRole("tabpanel", { name: "Actions" });
  await actions.getByRole("button", { name: "Answer for it" }).click();
  await page.getByRole("button", { name: "Add a text" }).click();
  await page.getByLabel("Text 1", { exact: true }).fill("One moment.");
  await page.getByRole("button", { name: "Add a slot" }).click();
  await page.getByRole("combobox", { name: "Slot 1" }).fill("exchange");
  await page.getByRole("option", { name: "exchange_rate" }).click();
  await page.getByLabel("Value of exchange_rate").fill("1,1");
  await page.getByRole("button", { name: "Use this answer" }).click();
  await expect(page.getByText("exchange_rate: A number is needed.")).toBeVisible();
  await page.getByLabel("Value of exchange_rate").fill("1.1");
  await page.getByRole("switch", { name: "As JSON" }).click();
  await expect(page.getByLabel("Answer as an action server gives it")).toHaveValue(
    /"name": "exchange_rate",\s+"value": 1.1/,
  );
  await page.getByRole("button", { name: "Use this answer" }).click();
  await expect(page.getByText("your answer")).toBeVisible();

  await say(page, "What is the exchange rate of the dollar?");
  await expect(chat(page)).toContainText("One moment.");
  await expect(chat(page)).toContainText("One euro is 1.1 in this currency (dollar) today.");
  await page.reload();
  await expect(chat(page)).toContainText("One euro is 1.1 in this currency (dollar) today.");
  await expect(page.getByText("your answer")).toBeVisible();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(page.getByText("its own answer", { exact: true })).toBeVisible();
});

for (const theme of ["light", "dark"] as const) {
  test(`is accessible and fits, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    await say(page, "Send 250 to Lena Sommer please");
    await expect(chat(page)).toContainText("€250 to Lena Sommer");
    await page.getByRole("button", { name: "Set amount, now 250" }).click();
    await expectAccessible(page);
    for (const tab of ["Where it is", "Time", "Actions"]) {
      await page.getByRole("tab", { name: tab }).click();
      if (tab === "Actions") await page.getByRole("button", { name: "Answer for it" }).click();
      await expectAccessible(page);
    }
    await page.getByRole("button", { name: "All events, as JSON" }).click();
    await page.mouse.move(0, 0); // its tooltip stands outside of everything
    await expect(page.getByRole("tooltip")).toHaveCount(0);
    await expectAccessible(page);
    await page.setViewportSize({ width: 1024, height: 768 });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    await expectAccessible(page);
  });
}

function chat(page: Page) {
  return page.getByRole("list", { name: "Messages" });
}

function head(page: Page, title: string) {
  return page.getByRole("main").getByRole("heading").getByRole("button", { name: title });
}

function turnOf(page: Page, title: string) {
  return page
    .getByRole("main")
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: title }) })
    .last();
}

async function say(page: Page, words: string): Promise<void> {
  await page.getByLabel("Write a message").fill(words);
  await page.keyboard.press("Enter");
}
