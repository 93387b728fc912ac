import { expect, type Page, test } from "@playwright/test";
import { card, type Item, saved, serverOf, trained } from "./authoring";
import { signIn } from "./studio";

/** An author at work: a flow drawn entirely by hand, and what the server then has. */

/** Adds a step below the card, by the + and the first letters of its kind. */
async function add(page: Page, below: string | RegExp, kind: string): Promise<void> {
  await card(page, below).click();
  await page.getByRole("button", { name: "Add a step here" }).first().click();
  await page.getByLabel("Find a step kind").fill(kind);
  await page.keyboard.press("Enter");
}

/** Types into a field that offers choices, and takes the one of that name. */
async function choose(page: Page, label: string, typed: string, option: string | RegExp) {
  await page.getByRole("textbox", { name: label, exact: true }).last().fill(typed);
  await page.getByRole("option", { name: option }).first().click();
}

test("a flow with every kind of step is built by hand, is valid and trains", async ({
  page,
  request,
}) => {
  test.setTimeout(180_000);
  const server = await serverOf(request, "By hand");
  const done = {
    name: "say goodbye",
    description: "Say goodbye.",
    steps: [{ action: "utter_bye" }],
  };
  await server.post("responses/", { id: "utter_bye", body: [{ text: "Bye!" }] });
  await server.post("flows/", { id: "say_goodbye", body: done });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows`);

  await page.getByRole("button", { name: "New flow" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("Order coffee");
  await page.getByLabel("What is it for?").fill("Order a coffee.");
  await page.getByRole("button", { name: "Create and open" }).click();
  await expect(card(page, "Start: ")).toBeVisible();

  await test.step("message", async () => {
    await add(page, "Start: ", "mes");
    await choose(page, "Message", "utter_coffee_welcome", /New message/);
    await firstWords(page, "Welcome to the coffee bar.");
    await page.getByRole("button", { name: "Variation", exact: true }).click();
    await page.getByLabel("Text of variation 2").fill("Good to see you at the bar.");
    await page.getByRole("button", { name: "Button", exact: true }).first().click();
    await page.getByLabel("Title", { exact: true }).fill("Hello");
    await page.getByRole("combobox", { name: "What it does" }).click();
    await page.getByRole("option", { name: "Sends other words" }).click();
    await page.getByLabel("Words or payload").fill("/SetSlots(size=small)");
    await page.keyboard.press("Escape");
  });

  await test.step("collect", async () => {
    await add(page, "Send message: Coffee welcome", "coll");
    await choose(page, "What to collect", "cups", /New slot/);
    await newSlot(page, "Number");
    await firstWords(page, "How many cups?");
    await expect(card(page, "Collect information: Collect cups")).toContainText("How many cups?");
    await add(page, "Collect information: Collect cups", "coll");
    await choose(page, "What to collect", "size", /New slot/);
    await newSlot(page, "Choice", ["small", "large"]);
    await firstWords(page, "Which size?");
  });

  await test.step("set slots and custom action", async () => {
    await add(page, "Collect information: Collect size", "set");
    await choose(page, "Slot", "vip", /New slot/);
    await newSlot(page, "Yes or no");
    await page.getByRole("combobox", { name: "Value" }).click();
    await page.getByRole("option", { name: "yes" }).click();
    await page.getByRole("button", { name: "Set another slot" }).click();
    await choose(page, "Slot", "size", "size");
    await page.getByRole("combobox", { name: "Value" }).last().click();
    await page.getByRole("option", { name: "Empty it" }).click();
    await add(page, "Set slots: ", "cust");
    await choose(page, "Action", "brew", /New action/);
    await expect(card(page, "Custom action: Brew")).toBeVisible();
  });

  await test.step("logic with two conditions and else", async () => {
    await add(page, "Custom action: Brew", "log");
    await page.getByRole("button", { name: "Another branch" }).click();
    await branch(page, 0, "cups", "is more than", "10");
    await offered(page, 0, ["is more than", "is known"], ["matches", "contains"]);
    await branch(page, 1, "vip");
    await offered(page, 1, ["is", "is not"], ["matches", "is more than"]);
    await chip(page, "cups is more than 10").click();
    await addInBranch(page, 0, "call");
    await choose(page, "Flow", "goodbye", /goodbye/i);
    await addInBranch(page, 1, "link");
    await choose(page, "Flow", "goodbye", /goodbye/i);
    await addInBranch(page, 2, "conn");
    await page.getByLabel("Then go to").click();
    await page.getByRole("option", { name: "Collect size" }).click();
  });

  await test.step("what was drawn is what is stored", async () => {
    await saved(page);
    const stored = await server.get<Item<unknown>>("flows/order_coffee/");
    expect(stored.body).toEqual(ORDER_COFFEE);
    const welcome = await server.get<Item<unknown>>("responses/utter_coffee_welcome/");
    expect(welcome.body).toEqual([
      {
        text: "Welcome to the coffee bar.",
        buttons: [{ title: "Hello", payload: "/SetSlots(size=small)" }],
      },
      { text: "Good to see you at the bar." },
    ]);
    const size = await server.get<Item<unknown>>("slots/size/");
    expect(size.body).toMatchObject({ type: "categorical", values: ["small", "large"] });
    const cups = await server.get<Item<unknown>>("slots/cups/");
    expect(cups.body).toMatchObject({ type: "float" });
    expect(await server.get("validation/")).toMatchObject({ errors: 0 });
  });

  await test.step("reorder, delete, take back and do again", async () => {
    const kinds = async () => {
      await saved(page);
      const { body } = await server.get<Item<{ steps: object[] }>>("flows/order_coffee/");
      return body.steps.map((step) => Object.keys(step).find((key) => key !== "id"));
    };
    const undo = page.getByRole("button", { name: "Undo" }).first();
    await card(page, "Collect information: Collect size").click();
    await page.keyboard.press("Alt+ArrowDown");
    expect(await kinds()).toEqual(["action", "collect", "set_slots", "collect", "action"]);
    await page.keyboard.press("Delete");
    expect(await kinds()).toEqual(["action", "collect", "set_slots", "action"]);
    await undo.click();
    await undo.click();
    await saved(page);
    expect((await server.get<Item<unknown>>("flows/order_coffee/")).body).toEqual(ORDER_COFFEE);
    await card(page, "Logic: ").click();
    await page.getByRole("button", { name: "Delete branching" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("radio", { name: /cups is more than 10/ }).check();
    await dialog.getByRole("button", { name: "Delete branching" }).click();
    expect((await kinds()).at(-1)).toBe("call");
    await undo.click();
    expect((await kinds()).at(-1)).toBe("action");
    await page.getByRole("button", { name: "Redo" }).click();
    expect((await kinds()).at(-1)).toBe("call");
    await undo.click();
  });

  await test.step("the flow itself: name, description and when it may start", async () => {
    await card(page, "Start: ").click();
    await page.getByLabel("Name", { exact: true }).fill("Order a coffee");
    await page.getByLabel("Description").fill("Take an order for coffee.");
    await page.getByText("On a condition").click();
    await branch(page, 0, "vip");
    await saved(page);
    const { body } = await server.get<Item<unknown>>("flows/order_coffee/");
    expect(body).toMatchObject({
      name: "Order a coffee",
      description: "Take an order for coffee.",
      if: "slots.vip is true",
    });
    await page.getByText("Always", { exact: true }).click();
  });

  await test.step("a problem is marked where it is made, and its fix mends it", async () => {
    await add(page, "Collect information: Collect cups", "mes");
    await expect(page.getByRole("button", { name: "Not finished" })).toBeVisible();
    await choose(page, "Message", "utter_enjoy", /New message/);
    await expect(page.getByRole("button", { name: "Not finished" })).toBeVisible();
    await expect(page.getByLabel("Text of the message")).toBeFocused();
    await page.getByRole("button", { name: "Not finished" }).click();
    await expect(card(page, /Send message: .*1 problem/)).toBeVisible();
    const list = page.getByRole("region", { name: "Before you can train" });
    await list.getByRole("button", { name: /Create/ }).click();
    await firstWords(page, "Enjoy!");
    await expect(page.getByRole("button", { name: "No problems" })).toBeVisible();
    await list.getByRole("button", { name: "Close" }).click();
  });

  await test.step("the outline tells the same", async () => {
    await page.getByText("Outline", { exact: true }).click();
    const tree = page.getByRole("tree", { name: "Outline of the flow" });
    for (const words of ["Coffee welcome", "Collect cups", "cups is more than 10", "Enjoy"]) {
      await expect(tree.getByRole("treeitem", { name: words }).first()).toBeVisible();
    }
    await page.getByText("Canvas", { exact: true }).click();
  });

  await test.step("it trains", async () => {
    await saved(page);
    expect(await server.get("validation/")).toMatchObject({ errors: 0 });
    await trained(server);
  });
});

const ORDER_COFFEE = {
  name: "Order coffee",
  description: "Order a coffee.",
  steps: [
    { id: "coffee_welcome", action: "utter_coffee_welcome" },
    { collect: "cups" },
    { id: "ask_size", collect: "size" },
    { set_slots: [{ vip: true }, { size: null }] },
    {
      action: "action_brew",
      next: [
        { if: "slots.cups > 10", then: [{ call: "say_goodbye", next: "END" }] },
        { if: "slots.vip is true", then: [{ link: "say_goodbye" }] },
        { else: "ask_size" },
      ],
    },
  ],
};

/** The condition of one branch in the Logic panel: `vip` is a yes or no slot and comes out complete. */
async function branch(page: Page, index: number, slot: string, operator?: string, value?: string) {
  await page.getByRole("textbox", { name: "Slot" }).nth(index).fill(slot);
  await page.getByRole("option", { name: slot }).click();
  if (!operator || !value) return;
  await page.getByRole("combobox", { name: "Comparison" }).nth(index).click();
  await page.getByRole("option", { name: operator, exact: true }).click();
  await page.getByRole("textbox", { name: "Value" }).nth(index).fill(value);
}

/** The comparisons that a slot's type offers, and such that make no sense for it. */
async function offered(page: Page, index: number, has: string[], hasNot: string[]): Promise<void> {
  await page.getByRole("combobox", { name: "Comparison" }).nth(index).click();
  for (const operator of has)
    await expect(page.getByRole("option", { name: operator, exact: true })).toBeVisible();
  for (const operator of hasNot)
    await expect(page.getByRole("option", { name: operator, exact: true })).toHaveCount(0);
  await page.getByRole("combobox", { name: "Comparison" }).nth(index).click();
}

function chip(page: Page, words: string) {
  return page.locator("[data-chip]").filter({ hasText: words });
}

/** The + of a branch shows while the pointer is on its first card. */
async function addInBranch(page: Page, index: number, kind: string): Promise<void> {
  const box = await page.locator("[data-chip]").nth(index).boundingBox();
  if (!box) throw new Error(`branch ${index} is not drawn`);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height + 25, { steps: 4 });
  await page.getByRole("button", { name: "Add a step here" }).first().click();
  await page.getByLabel("Find a step kind").fill(kind);
  await page.keyboard.press("Enter");
}

/** The form that a slot which does not exist yet opens below its field. */
async function newSlot(page: Page, type: string, values: string[] = []): Promise<void> {
  await page.getByRole("radio", { name: type }).check();
  for (const value of values) {
    await page.getByRole("combobox", { name: "Possible values" }).fill(value);
    await page.keyboard.press("Enter");
  }
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("button", { name: "Create", exact: true })).toBeHidden();
}

async function firstWords(page: Page, text: string): Promise<void> {
  await page.getByLabel("Text of the message").fill(text);
  await page.getByRole("button", { name: "Create message" }).click();
}
