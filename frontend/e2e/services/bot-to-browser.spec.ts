import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { expectAccessible, zipOf } from "../studio";
import { classicProject } from "./classic-project";
import { addPerson, expectHome, expectSignInPage } from "./realm";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const rasa = join(root, ".venv-rasa-oss/bin/python");
const pictures = process.env["SCREENSHOTS_DIR"];

/** Bot, Kafka, ingestion, PostgreSQL, Redis, browser: all of them real, and so are Keycloak and S3. */
test("what is said to a bot of Rasa Open Source comes through Kafka into an open page", async ({
  page,
  context,
  request,
}) => {
  test.skip(!existsSync(rasa), "Rasa Open Source is not installed: make rasa-oss");
  test.setTimeout(600_000);
  page.setDefaultTimeout(30_000);
  const name = `Corner shop ${Date.now()}`;
  const username = `mara${Date.now()}`;
  const sender = senderOf(page);

  await test.step("an administrator adds a person, who signs in and chooses a password", async () => {
    const person = { firstName: "Mara", lastName: "Winter", groups: ["SuperUser"] };
    await addPerson(request, { username, ...person }, "only for once");
    await page.goto("/");
    await expectSignInPage(page);
    await picture(page, "1-sign-in");
    await page.getByLabel("Email or user name").fill(username);
    await page.getByLabel("Password", { exact: true }).fill("only for once");
    await page.getByRole("button", { name: "Sign In" }).click();
    await expectAccessible(page);
    await page.getByLabel("New password").fill("a long one of her own");
    await page.getByLabel("Confirm password").fill("a long one of her own");
    await picture(page, "2-new-password");
    await page.getByRole("button", { name: "Submit" }).click();
    await expectHome(page);
    await expect(page.getByRole("heading", { name: /Mara/ })).toBeVisible();
  });

  const assistant = await test.step("she brings the assistant in", async () => {
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("button", { name: "Import" }).click();
    await (await chooser).setFiles({
      name: `${name}.zip`,
      mimeType: "application/zip",
      buffer: readFileSync(zipOf(classicProject())),
    });
    const report = page.getByRole("dialog");
    await expect(report).toContainText("4 rules");
    await picture(page, "3-import");
    await report.getByRole("link", { name: "Train it" }).click();
    await page.waitForURL(/\/assistants\/[0-9a-f-]{36}/);
    return /assistants\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? "";
  });

  await test.step("Rasa Open Source trains it", async () => {
    const panel = page.getByRole("complementary", { name: /Train version/ });
    const start = panel.getByRole("button", { name: "Start training" });
    await expect(start).toBeEnabled();
    await picture(page, "4-train");
    await start.click();
    await expect(panel.getByText("Version 1 is ready")).toBeVisible({ timeout: 300_000 });
    await picture(page, "5-trained");
    await panel.getByRole("link", { name: "Chat" }).click();
  });

  const list = await context.newPage();
  await test.step("another page has the conversations open", async () => {
    await list.goto(`/assistants/${assistant}/conversations`);
    await expect(list.getByRole("heading", { name: "Conversations" })).toBeVisible();
  });

  const chat = page.getByRole("list", { name: "Messages" });
  await test.step("what she says to the bot comes into that page by itself", async () => {
    await say(page, "good morning");
    await expect(chat).toContainText("Hello, this is the corner shop.", { timeout: 60_000 });
    const row = list.getByRole("row", { name: /good morning|corner shop/ });
    await expect(row).toBeVisible({ timeout: 2000 });
    await expect(row).toContainText("Test");
    await picture(page, "6-chat");
    await picture(list, "7-conversations");
    await row.click();
    await expect(list.getByRole("main")).toContainText("Hello, this is the corner shop.");
  });

  await test.step("and so does what is said while the conversation is open", async () => {
    const thread = list.getByRole("main");
    for (const [words, answer] of [
      ["I would like tea", "One pot of tea is on its way."],
      ["when are you open?", "We are open from eight to six."],
      ["goodbye", "See you soon."],
    ] as const) {
      await say(page, words);
      await expect(chat).toContainText(answer);
      await expect(thread).toContainText(answer, { timeout: 2000 });
      await expect(thread).toContainText(words);
    }
    const facts = list.getByRole("complementary", { name: "Session" });
    await expect(facts).toContainText("Version1");
    await expect(thread.getByText("Session started")).toHaveCount(1);
    await picture(page, "8-chat");
    await picture(list, "9-conversation");
  });

  await test.step("the inspector shows what the bot understood", async () => {
    await page.getByText("Inspector", { exact: true }).click();
    await page.getByRole("button", { name: /I would like tea/ }).click();
    await picture(page, "10-inspector");
    await expect(page.getByRole("main")).toContainText("order_tea");
  });

  await test.step("every event of the bot is stored once", async () => {
    const events = remembered(sender());
    expect(events.length).toBeGreaterThan(20);
    const published = events.map((event) => [...event, "kafka"]);
    await expect.poll(() => stored(sender())).toEqual(published);
  });

  await test.step("the model comes from the bucket by a signed address", async () => {
    await page.goto(`/assistants/${assistant}/versions`);
    await page.getByRole("main").getByRole("button", { name: "More", exact: true }).click();
    const download = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: "Download the model" }).click();
    const file = await download;
    const address = new URL(file.url());
    expect(address.origin).toBe(process.env["AWS_ENDPOINT_URL"]);
    expect(address.searchParams.has("X-Amz-Signature")).toBe(true);
    expect(file.suggestedFilename()).toMatch(/\.tar\.gz$/);
    const gzip = readFileSync(await file.path()).subarray(0, 2);
    expect([...gzip]).toEqual([0x1f, 0x8b]);
  });
});

async function say(page: Page, words: string): Promise<void> {
  await page.getByLabel("Write a message").fill(words);
  await page.keyboard.press("Enter");
}

/** The conversation that the chat of a page is in, as the bridge confirms it. */
function senderOf(page: Page): () => string {
  let sender = "";
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      const frame = JSON.parse(payload.toString()) as { type?: string; session_id?: string };
      if (frame.type === "session_confirm") sender = frame.session_id ?? "";
    }),
  );
  return () => sender;
}

/** Type and time of every event that the one bot which runs remembers of a conversation. */
function remembered(sender: string): [string, number][] {
  const folder = join(process.env["STUDIO_DATA_DIR"] ?? "", "model-service/bots");
  const [bot, ...more] = readdirSync(folder);
  expect(more).toEqual([]);
  return asked(
    `
import json, sqlite3, sys
rows = sqlite3.connect(sys.argv[1]).execute(
    "SELECT type_name, timestamp FROM events WHERE sender_id = ? ORDER BY id", [sys.argv[2]]
)
print(json.dumps(rows.fetchall()))
`,
    join(folder, bot ?? "", "tracker.db"),
    sender,
  );
}

/** Type, time and kind of source of every event of a conversation, as PostgreSQL has them. */
function stored(sender: string): [string, number, string][] {
  return asked(
    `
import json, os, sys, psycopg
given = {name: os.environ["DB_" + name.upper()] for name in ("host", "port", "user")}
with psycopg.connect(**given, dbname=os.environ["DB_NAME"]) as database:
    rows = database.execute(
        "SELECT type, data::json->>'timestamp', split_part(source.name, ':', 1) "
        "FROM conversations_event event "
        "JOIN conversations_conversation one ON one.id = event.conversation_id "
        "JOIN conversations_eventsource source ON source.id = event.source_id "
        "WHERE sender_id = %s ORDER BY at, event.id",
        [sys.argv[1]],
    ).fetchall()
print(json.dumps([[name, float(at), kind] for name, at, kind in rows]))
`,
    sender,
  );
}

function asked<Answer>(code: string, ...given: string[]): Answer {
  const python = join(root, ".venv/bin/python");
  return JSON.parse(execFileSync(python, ["-c", code, ...given], { encoding: "utf8" })) as Answer;
}

async function picture(page: Page, name: string): Promise<void> {
  if (pictures) await page.screenshot({ path: join(pictures, `bot-${name}.png`) });
}
