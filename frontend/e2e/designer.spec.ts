import { expect, type Locator, type Page, test } from "@playwright/test";
import { card, saved, serverAt, serverOf } from "./authoring";
import { signIn } from "./studio";

/** A designer at work: without the mouse from nothing to a talk, and in few clicks. */

const MORE = [
  "See you soon.",
  "We are open from noon to midnight.",
  "The kitchen closes at ten.",
  "Dogs are welcome.",
  "There is a playground in the garden.",
  "We take all cards.",
  "There is room for groups.",
  "Birthdays come with a cake.",
];

test("an assistant of twelve messages is written from nothing by keys alone, and talks", async ({
  page,
  request,
}) => {
  test.setTimeout(180_000);
  const { keyboard } = page;
  await signIn(page);
  await page.goto("/");
  await expect(page.getByRole("button", { name: "New assistant" }).first()).toBeVisible();

  await test.step("a new assistant, and a flow in it", async () => {
    await keyboard.press("n");
    await expect(page.getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
    await keyboard.press("ControlOrMeta+a");
    await keyboard.type(`Tables ${Date.now()}`);
    await keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
    await keyboard.press("n");
    await expect(page.getByRole("textbox", { name: "Name", exact: true })).toBeFocused();
    await keyboard.type("Book a table");
    await keyboard.press("Tab");
    await keyboard.type("Book a table at the restaurant.");
    await keyboard.press("Enter");
    await expect(card(page, "Start: ")).toBeVisible();
  });

  const add = async (below: string, kind: string) => {
    await keyboard.press("Escape");
    await card(page, below).focus();
    await keyboard.press("a");
    await expect(page.getByLabel("Find a step kind")).toBeFocused();
    await keyboard.type(kind);
    await keyboard.press("Enter");
  };

  await test.step("messages and questions", async () => {
    await add("Start: ", "mes");
    await keyboard.type("Let us find you a table.");
    await keyboard.press("Enter");
    await add("Send message: Let us find you", "coll");
    await keyboard.type("guests");
    await keyboard.press("Enter");
    await expect(page.getByRole("radio", { name: "Text" })).toBeFocused();
    await keyboard.press("Enter");
    await expect(page.getByLabel("Text of the message")).toBeFocused();
    await keyboard.type("How many guests?");
    await keyboard.press("Tab");
    await expect(page.getByLabel("Text of variation 1")).toHaveValue("How many guests?");
    await add("Collect information: Collect guests", "mes");
    await keyboard.type("A table for {guests} it is.");
    await keyboard.press("Enter");
    await expect(card(page, /Send message: A table for/)).toBeVisible();
    await saved(page);
  });

  await test.step("the others, where all messages stand", async () => {
    await keyboard.press("Escape");
    await keyboard.press("g");
    await keyboard.press("r");
    await expect(page.getByRole("button", { name: "New response" }).first()).toBeVisible();
    for (const words of MORE) {
      await keyboard.press("n");
      await expect(page.getByRole("textbox", { name: "What it says" })).toBeFocused();
      await keyboard.type(words);
      await keyboard.press("Enter");
      await expect(page.getByRole("textbox", { name: "What it says" })).toBeHidden();
    }
    await expect(page.getByText(MORE[0] ?? "").first()).toBeVisible();
  });

  await test.step("trained from the palette, and talked to", async () => {
    await keyboard.press("ControlOrMeta+k");
    await keyboard.type("Train");
    await expect(page.getByRole("dialog").getByText("Train", { exact: true })).toBeVisible();
    await keyboard.press("Enter");
    const panel = page.getByRole("complementary", { name: /^Train/ });
    await expect(panel.getByRole("button", { name: "Start training" })).toBeEnabled();
    await panel.getByRole("button", { name: "Start training" }).focus();
    await keyboard.press("Enter");
    await expect(panel.getByText("Version 2 is ready")).toBeVisible({ timeout: 30_000 });
    await keyboard.press("e");
    const words = page.getByRole("textbox", { name: "Message" });
    await expect(words).toBeFocused();
    await keyboard.type("I want to book a table");
    await keyboard.press("Enter");
    await expect(page.getByText("How many guests?")).toBeVisible({ timeout: 30_000 });
    await keyboard.type("four");
    await keyboard.press("Enter");
    await expect(page.getByText("A table for four it is.")).toBeVisible();
  });
  const [, assistant] = /assistants\/([^/]+)/.exec(page.url()) ?? [];
  const server = await serverAt(request, assistant ?? "");
  const { results } = await server.get<{ results: unknown[] }>("responses/");
  expect(results.length).toBeGreaterThanOrEqual(12);
});

/** Counts clicks, and keys but for the words that are typed. */
class Clicks {
  private count = 0;

  constructor(private readonly page: Page) {}

  async click(target: Locator): Promise<void> {
    await target.click();
    this.count += 1;
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    this.count += 1;
  }

  /** What it took since the last time. */
  taken(): number {
    const { count } = this;
    this.count = 0;
    return count;
  }
}

test("a message takes 3 clicks and keys, a question with a new slot 5, a choice with buttons 8", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Few clicks");
  await server.post("responses/", { id: "utter_hello", body: [{ text: "Hello" }] });
  const body = { name: "Greet", description: "Greet.", steps: [{ action: "utter_hello" }] };
  await server.post("flows/", { id: "greet", body });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows/greet`);
  const clicks = new Clicks(page);
  const begin = async (below: string, kind: string) => {
    await page.keyboard.press("Escape");
    await card(page, below).click();
    clicks.taken();
    await clicks.click(page.getByRole("button", { name: "Add a step here" }).first());
    await page.keyboard.type(kind);
    await clicks.press("Enter");
  };
  const newSlot = async (name: string) => {
    await expect(page.getByRole("textbox", { name: "What to collect" })).toBeFocused();
    await page.keyboard.type(name);
    await clicks.press("Enter");
    await expect(page.getByRole("radio", { name: "Text" })).toBeFocused();
  };
  const ask = async (words: string) => {
    await expect(page.getByLabel("Text of the message")).toBeFocused();
    await page.keyboard.type(words);
    await clicks.press("Tab");
    await expect(page.getByLabel("Text of variation 1")).toHaveValue(words);
  };

  await begin("Send message: Hello", "mes");
  await expect(page.getByRole("textbox", { name: "Message" })).toBeFocused();
  await page.keyboard.type("Nice to meet you.");
  await clicks.press("Enter");
  await expect(page.getByLabel("Text of variation 1")).toHaveValue("Nice to meet you.");
  expect(clicks.taken()).toBe(3);

  await begin("Send message: Nice to meet you", "coll");
  await newSlot("town");
  await clicks.press("Enter");
  await ask("Which town?");
  expect(clicks.taken()).toBe(5);

  await begin("Collect information: Collect town", "coll");
  await newSlot("size");
  await clicks.click(page.getByRole("radio", { name: "Choice" }));
  await expect(page.getByRole("combobox", { name: "Possible values" })).toBeFocused();
  await page.keyboard.type("small,medium,large");
  await clicks.press("Enter");
  await clicks.press("Enter");
  await ask("Which size?");
  await clicks.click(page.getByRole("button", { name: "One per value" }));
  expect(clicks.taken()).toBe(8);
  await saved(page);
  const { body: asked } = await server.get<{ body: unknown }>("responses/utter_ask_size/");
  expect(asked).toEqual([
    {
      text: "Which size?",
      buttons: ["small", "medium", "large"].map((size) => ({
        title: size,
        payload: `/SetSlots(size=${size})`,
      })),
    },
  ]);
});
