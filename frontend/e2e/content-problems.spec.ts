import { expect, test } from "@playwright/test";
import { card, type Item, saved, serverOf } from "./authoring";
import { signIn } from "./studio";

/** Errors of messages and slots: where they are written, in the list of problems and before training. */

const FLOW = {
  name: "tea",
  description: "Order tea.",
  steps: [
    { id: "ask", collect: "kind" },
    { id: "bye", action: "utter_bye" },
  ],
};

test("an error of a message is told where it is written, in the list and before training", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Content problems");
  await server.post("slots/", { id: "kind", body: { type: "text" } });
  await server.post("responses/", { id: "utter_ask_kind", body: [{ text: "Which?" }] });
  await server.post("responses/", { id: "utter_bye", body: [{ text: "Bye!" }] });
  await server.post("flows/", { id: "tea", body: FLOW });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows/tea`);
  await expect(page.getByRole("button", { name: "No problems" })).toBeVisible();

  // The words of a button that starts nothing: an error of the message, not of the flow.
  await card(page, "Send message: Bye").click();
  const panel = page.getByRole("complementary").last();
  await page.getByRole("button", { name: "Button", exact: true }).first().click();
  await page.getByLabel("Title", { exact: true }).fill("Again");
  await page.getByRole("combobox", { name: "What it does" }).click();
  await page.getByRole("option", { name: "Sends other words" }).click();
  await page.getByLabel("Words or payload").fill("/SetSlots(nowhere=1)");
  await expect(panel).toContainText("nowhere");
  await saved(page);
  const status = page.getByRole("button", { name: /^\d+ (problem|warning)/ });
  await expect(status).toBeVisible();
  await status.click();
  const list = page.getByRole("region", { name: "Before you can train" });
  await expect(list).toContainText("Message “Bye”");
  await expect(list).toContainText("nowhere");
});

test("an error of a slot stops the training, and the panel says which and leads there", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Slot problems");
  await server.post("slots/", { id: "kind", body: { type: "categorical" } });
  await server.post("responses/", { id: "utter_ask_kind", body: [{ text: "Which?" }] });
  await server.post("responses/", { id: "utter_bye", body: [{ text: "Bye!" }] });
  await server.post("flows/", { id: "tea", body: FLOW });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows?train=1`);
  const train = page.getByRole("complementary", { name: /^Train/ });
  await expect(train).toContainText("stops every training");
  await expect(train.getByRole("button", { name: "Train", exact: false }).last()).toBeDisabled();
  await train.getByRole("link", { name: /Slot kind: / }).click();
  await expect(page).toHaveURL(/flows\/tea\?step=ask/);
  await expect(page.getByRole("complementary").last()).toContainText(
    "List the values of the slot.",
  );

  const { revision } = await server.get<Item<unknown>>("slots/kind/");
  await server.put("slots/kind/", { revision, body: { type: "text" } });
  await page.goto(`/assistants/${server.id}/flows?train=1`);
  await expect(train).not.toContainText("stops every training");
});

test("a slot whose name Rasa keeps for itself is renamed where the training stops", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Reserved slot");
  await server.post("slots/", { id: "language", body: { type: "text" } });
  await server.post("responses/", { id: "utter_ask_language", body: [{ text: "Which?" }] });
  await server.post("responses/", { id: "utter_bye", body: [{ text: "Bye, {language}!" }] });
  const steps = [
    { id: "ask", collect: "language" },
    { id: "bye", action: "utter_bye" },
  ];
  await server.post("flows/", { id: "tea", body: { ...FLOW, steps } });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows?train=1`);
  const train = page.getByRole("complementary", { name: /^Train/ });
  await train.getByRole("button", { name: "Rename to own_language" }).click();
  await expect(page.getByText("The slot is called own_language now")).toBeVisible();
  await expect(train).not.toContainText("stops every training");
  await expect(train.getByRole("button", { name: "Train", exact: false }).last()).toBeEnabled();
});

test("a payload that is a number is put in quotes in the message, not in the flow", async ({
  page,
  request,
}) => {
  const server = await serverOf(request, "Odd payload");
  const buttons = [{ title: "Twelve", payload: 12 }];
  await server.post("slots/", { id: "kind", body: { type: "text" } });
  await server.post("responses/", { id: "utter_ask_kind", body: [{ text: "Which?", buttons }] });
  await server.post("responses/", { id: "utter_bye", body: [{ text: "Bye!" }] });
  await server.post("flows/", { id: "tea", body: FLOW });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows/tea`);
  await page.getByRole("button", { name: /^\d+ (problem|warning)/ }).click();
  await page.getByRole("button", { name: 'Write "12"' }).click();
  await expect(page.getByText("utter_ask_kind mended")).toBeVisible();
  const response = await server.get<Item<unknown>>("responses/utter_ask_kind/");
  expect(response.body).toEqual([
    { text: "Which?", buttons: [{ title: "Twelve", payload: "12" }] },
  ]);
  const flow = await server.get<Item<unknown>>("flows/tea/");
  expect(flow.body).toEqual(FLOW);
});
