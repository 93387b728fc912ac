import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { serverOf } from "./authoring";
import { signIn } from "./studio";

/** Conversations that are more, or longer, than one page of the server. */

const CONVERSATIONS = 53;
const MESSAGES = 230;

interface Shop {
  id: string;
  now: number;
}

/** One event of a sender, as an assistant writes it; each is a second after the last. */
function publish(shop: Shop, sender: string, event: object): void {
  const file = join(process.env["STUDIO_DATA_DIR"] ?? "", "events", `${shop.id}.jsonl`);
  shop.now += 1;
  const facts = { sender_id: sender, timestamp: shop.now, assistant_id: shop.id };
  appendFileSync(
    file,
    `${JSON.stringify({ ...facts, metadata: { assistant_id: shop.id }, ...event })}\n`,
  );
}

const said = (text: string) => ({ event: "user", text, input_channel: "rest", parse_data: {} });

test("review goes on beyond the first page, and slots of now are those of the end", async ({
  page,
  request,
}) => {
  test.setTimeout(180_000); // 53 conversations are opened, one after the other
  const server = await serverOf(request, "Long lists");
  const shop: Shop = { id: server.id, now: Date.now() / 1000 - 5000 };
  publish(shop, "long", { event: "slot", name: "colour", value: "blue" });
  for (let number = 1; number <= MESSAGES; number += 1) publish(shop, "long", said(`m ${number}`));
  publish(shop, "long", { event: "slot", name: "colour", value: "green" });
  for (let number = 2; number <= CONVERSATIONS; number += 1)
    publish(shop, `sender-${number}`, said(`Question ${number}`));
  await signIn(page);
  await page.goto(`/assistants/${shop.id}/conversations`);
  const older = page.getByRole("button", { name: "Older" });
  await expect(older).toBeVisible({ timeout: 20_000 });

  // From the first conversation to the last, by the key, over the end of the first page.
  await page.getByRole("link", { name: "Review one by one" }).click();
  const thread = page.getByRole("main", { name: "Conversation" });
  const message = (text: string) =>
    thread.getByRole("button", { name: `User: ${text}`, exact: true });
  for (let number = CONVERSATIONS; number > 1; number -= 1) {
    await expect(thread).toContainText(`Question ${number}`);
    await page.keyboard.press("j");
  }
  await expect(thread).toContainText("m 1");
  await expect(page.getByRole("button", { name: "Next conversation" })).toBeDisabled();
  await expect(thread).toContainText(`${CONVERSATIONS} of ${CONVERSATIONS}`);

  await expect(slot(page, "colour")).toHaveText("green");
  await message("m 3").click();
  await expect(slot(page, "colour")).toHaveText("blue");

  // An address that names a message far down finds it.
  await thread.getByRole("button", { name: "What came later" }).click();
  await message(`m ${MESSAGES}`).click();
  await expect(page).toHaveURL(/event=/);
  await page.reload();
  await expect(message(`m ${MESSAGES}`)).toBeVisible();
});

function slot(page: Page, name: string) {
  return page
    .getByRole("complementary", { name: "Session" })
    .locator("div", { has: page.getByText(name, { exact: true }) })
    .locator("b")
    .last();
}
