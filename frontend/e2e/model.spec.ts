import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@playwright/test";
import { madeSample, saved, serverAt } from "./authoring";
import { expectFits, picture, prepare, settled } from "./pages";
import { createUser, expectAccessible, signIn } from "./studio";

/** Speaks the API of OpenAI: a model called `wrong` is unknown, every other one is polite. */
function modelServer(): Promise<Server> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      const known = JSON.parse(body).model !== "wrong";
      const message = { role: "assistant", content: "start flow transfer_money" };
      const usage = { prompt_tokens: 1184, completion_tokens: 31 };
      const answer = known
        ? { choices: [{ index: 0, message }], usage }
        : { error: { message: "The model `wrong` does not exist" } };
      response.writeHead(known ? 200 : 404, { "Content-Type": "application/json" });
      response.end(JSON.stringify(answer));
    });
  });
  return new Promise((made) => server.listen(0, "127.0.0.1", () => made(server)));
}

test("another language model is set, tried and gone back from", async ({ page, request }) => {
  const models = await modelServer();
  const address = `http://127.0.0.1:${(models.address() as AddressInfo).port}/v1`;
  const assistant = await madeSample(request, `Model ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  const file = async () => (await server.get<{ text: string }>("endpoints/")).text;
  const original = await file();
  await signIn(page);
  await page.goto(`/assistants/${assistant}/settings/model`);
  const main = page.getByRole("main");
  const changed = page.getByText("Changed: Model", { exact: true });
  const provider = main.getByRole("combobox", { name: "Provider" });

  await test.step("the form shows what the files say, and that nobody has set the key", async () => {
    await expect(provider).toHaveValue("OpenAI");
    await expect(main.getByLabel("Model", { exact: true })).toHaveValue("gpt-4o-mini");
    await expect(main.getByText("Not set", { exact: true })).toBeVisible();
    await expect(main.getByText("OPENAI_API_KEY=…", { exact: true })).toBeVisible();
  });

  await test.step("a key itself is refused, and nothing is kept of it", async () => {
    const key = main.getByLabel("Key", { exact: true });
    await key.fill("sk-proj-0123456789");
    await page.keyboard.press("Enter");
    await expect(main.getByText(/A key itself is never stored/)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(key).toHaveValue("OPENAI_API_KEY");
    expect(await file()).toBe(original);
  });

  await test.step("a model by keys, and back by Ctrl Z: every byte", async () => {
    const model = main.getByLabel("Model", { exact: true });
    await model.fill("gpt-4.1");
    await page.keyboard.press("Tab");
    await expect(changed).toBeVisible();
    await expect.poll(file).toBe(original.replace("gpt-4o-mini", "gpt-4.1"));
    await page.getByRole("button", { name: /Undo/ }).click();
    await expect(model).toHaveValue("gpt-4o-mini");
    await expect.poll(file).toBe(original);
  });

  await test.step("three fields one after another are told one at a time, and go back one by one", async () => {
    const fields = [
      { field: main.getByLabel("Wait at most"), typed: "20", key: "timeout: 20" },
      { field: main.getByLabel("Temperature"), typed: "0.3", key: "temperature: 0.3" },
      { field: main.getByLabel("Longest answer"), typed: "300", key: "max_completion_tokens: 300" },
    ];
    for (const { field, typed } of fields) {
      await field.fill(typed);
      await page.keyboard.press("Tab");
    }
    const told = page.getByRole("status").filter({ hasText: "Changed:" });
    await expect(told.filter({ hasText: "Longest answer" })).toBeVisible();
    await expect(told).toHaveCount(1);
    await told.getByRole("button", { name: /Undo/ }).click();
    const keys = async () => {
      const text = await file();
      return fields.map(({ key }) => text.includes(key));
    };
    await expect.poll(keys).toEqual([true, true, false]);
    await main.getByRole("heading").first().click();
    await page.keyboard.press("Control+z");
    await expect.poll(keys).toEqual([true, false, false]);
    await page.keyboard.press("Control+z");
    await expect.poll(file).toBe(original);
  });

  await test.step("a server of one's own is tried: its words, time and tokens", async () => {
    await provider.click();
    await page.getByRole("option", { name: "A server of yours" }).click();
    await main.getByLabel("Address").fill(address);
    await page.keyboard.press("Enter");
    await expect.poll(file).toContain(address);
    await main.getByLabel("Key", { exact: true }).fill("");
    await page.keyboard.press("Enter");
    await expect.poll(file).not.toContain("OPENAI_API_KEY");
    await main.getByRole("button", { name: "Try", exact: true }).click();
    await expect(main.getByText("start flow transfer_money")).toBeVisible();
    await expect(main.getByText("1,184")).toBeVisible();
    await settled(page);
    await expectAccessible(page);
    await picture(page, "assistant-settings-model");
    await expectFits(page);
  });

  await test.step("a wrong name is one sentence with what to do; one click goes back", async () => {
    await main.getByLabel("Model", { exact: true }).fill("wrong");
    await page.keyboard.press("Enter");
    await expect(changed).toBeVisible();
    await expect.poll(file).toContain("model: wrong");
    await main.getByLabel("Sentence to the model").press("Enter");
    await expect(main.getByText(/does not exist/)).toBeVisible();
    await expect(main.getByText("Check the name of the model and the address.")).toBeVisible();
    await main.getByRole("button", { name: "Go back to it" }).click();
    await expect(main.getByLabel("Model", { exact: true })).toHaveValue("gpt-4o-mini");
    await expect(main.getByText("start flow transfer_money")).toBeVisible();
  });

  await test.step("none at all, and one again", async () => {
    await page.reload();
    await provider.click();
    await page.getByRole("option", { name: "None: understands offline" }).click();
    await expect(page.getByText("No language model is asked any more")).toBeVisible();
    await page.getByRole("button", { name: /Undo/ }).click();
    await expect(provider).toHaveValue("A server of yours");
  });
  models.close();
});

test("who runs the custom actions", async ({ page, request }) => {
  const assistant = await madeSample(request, `Actions ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  const file = async () => (await server.get<{ text: string }>("endpoints/")).text;
  const original = await file();
  await signIn(page);
  await page.goto(`/assistants/${assistant}/settings/action-server`);
  const main = page.getByRole("main");
  await expect(main.getByRole("radio", { name: "Code in the project" })).toBeChecked();

  await test.step("a server counts from its address on; Undo brings back every byte", async () => {
    await main.getByRole("radio", { name: "Code in the project" }).focus();
    await page.keyboard.press("ArrowDown");
    await main.getByLabel("Address").fill("actions.bank.example");
    await page.keyboard.press("Enter");
    await expect(main.getByText(/begins with http/)).toBeVisible();
    expect(await file()).toBe(original);
    await main.getByLabel("Address").fill("https://actions.bank.example/webhook");
    await page.keyboard.press("Enter");
    await expect(page.getByText("The server runs custom actions from now on")).toBeVisible();
    await page.getByRole("button", { name: /Undo/ }).click();
    await expect.poll(file).toBe(original);
    await expect(main.getByRole("radio", { name: "Code in the project" })).toBeChecked();
    await page.reload();
    await expect(main.getByRole("radio", { name: "Code in the project" })).toBeChecked();
    expect(await file()).toBe(original);
  });

  await test.step("nobody", async () => {
    await main.getByRole("radio", { name: "Nobody" }).click();
    await expect.poll(file).not.toContain("action_endpoint");
    await settled(page);
    await expectAccessible(page);
    await picture(page, "assistant-settings-actions");
    await expectFits(page);
  });
});

test("whether the action server is there", async ({ page, request }) => {
  let answer: "health" | "page" | "nothing" = "health";
  const actions = createServer((asked, response) => {
    if (answer === "nothing") return;
    response.statusCode = asked.url === "/health" ? 200 : 404;
    response.end(answer === "health" ? '{"status":"ok"}' : "<html>");
  });
  await new Promise<void>((done) => actions.listen(0, "127.0.0.1", done));
  const { port } = actions.address() as AddressInfo;
  const assistant = await madeSample(request, `Action server ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  await signIn(page);
  await page.goto(`/assistants/${assistant}/settings/action-server`);
  const main = page.getByRole("main");
  const check = main.getByRole("button", { name: "Check", exact: true });
  await expect(main.getByRole("radio", { name: "Code in the project" })).toBeChecked();
  await expect(check).toHaveCount(0);

  await main.getByRole("radio", { name: "A server of yours" }).click();
  await main.getByLabel("Address").fill(`http://127.0.0.1:${port}/webhook`);
  await page.keyboard.press("Enter");
  await expect(main.getByText(/^An action server answers, in \d+ ms\.$/)).toBeVisible();
  await settled(page);
  await expectAccessible(page);
  await picture(page, "action-server-checked");
  answer = "page";
  await check.click();
  await expect(main.getByText(/it is no action server \(HTTP 200\)/)).toBeVisible();
  answer = "nothing";
  await check.click();
  await expect(main.getByText("Nothing answered in time.")).toBeVisible();
  actions.closeAllConnections();
  actions.close();
  await check.focus();
  await page.keyboard.press("Enter");
  await expect(main.getByText("Nothing can be reached there.")).toBeVisible();

  // Asked once the page is opened; what may not be reached is said by its reason.
  await page.reload();
  await expect(main.getByText("Nothing can be reached there.")).toBeVisible();
  await page.setViewportSize({ width: 390, height: 900 });
  await expectFits(page);
  await expectAccessible(page);
  await picture(page, "action-server-390");
  await server.put("action-server/", { runner: "server", url: "http://127.0.0.1:99999/webhook" });
  await page.reload();
  await expect(main.getByText("The action server's address is not valid.")).toBeVisible();
});

test("a prompt of one's own beside the default, with a preview", async ({ page, request }) => {
  const assistant = await madeSample(request, `Prompts ${Date.now()}`, "bank");
  const server = await serverAt(request, assistant);
  const config = async () => (await server.get<{ text: string }>("config/")).text;
  const original = await config();
  await signIn(page);
  await page.goto(`/assistants/${assistant}/settings/prompts`);
  const main = page.getByRole("main");
  const editor = main.getByLabel("prompts/command_generator.jinja2", { exact: true });
  await expect(main.getByText("Your own", { exact: true })).toBeVisible();

  await test.step("an unknown variable is named with its line", async () => {
    await editor.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("{{ nobody }}");
    await expect(main.getByText(/There is no variable “nobody”/)).toBeVisible();
    await page.keyboard.press("Control+z");
    await expect(main.getByText(/There is no variable “nobody”/)).toBeHidden();
  });

  await test.step("beside the default, with what it may name", async () => {
    await main.getByRole("switch", { name: "Beside the default" }).click();
    await expect(main.getByLabel("The default", { exact: true })).toBeVisible();
    await expect(main.getByText("What the user has just said")).toBeVisible();
    await expect(main.getByText(/is waking up|Nothing is trained yet|would send it/)).toBeVisible();
    await settled(page);
    await expectAccessible(page);
    await picture(page, "assistant-settings-prompts");
    await expectFits(page);
  });

  await test.step("back to the default, and Undo brings file and setting", async () => {
    await main.getByRole("button", { name: "Back to the default" }).click();
    await expect(main.getByRole("button", { name: "Write your own" })).toBeVisible();
    expect(await config()).not.toContain("prompt_template");
    await page.getByRole("button", { name: /Undo/ }).click();
    await expect(editor).toBeVisible();
    expect(await config()).toBe(original);
  });

  await test.step("what nothing asks with says so", async () => {
    await main.getByText("Rephraser", { exact: true }).click();
    await expect(main.getByText("Not used", { exact: true })).toBeVisible();
    await expect(page).toHaveURL(/prompt=contextual_response_rephraser/);
  });
});

test("a real conversation in the preview; a flow that is always in the prompt", async ({
  page,
  browser,
  request,
}) => {
  const { assistant, conversation } = await prepare(request, browser, `Preview ${Date.now()}`);
  await signIn(page);
  const main = page.getByRole("main");

  await test.step("what the runtime would send at the end of it", async () => {
    await page.goto(`/assistants/${assistant}/settings/prompts?talk=${conversation}`);
    const made = main.getByLabel("Prompt in this conversation", { exact: true });
    await expect(made).toHaveValue(/USER: I want to send money to Lena Sommer/, {
      timeout: 30_000,
    });
    await expect(made).toHaveValue(/The customer's last message: 250 euros/);
    await settled(page);
    await picture(page, "assistant-settings-prompt-preview");
  });

  await test.step("the switch of a flow, by keys, is told beside the model", async () => {
    await page.goto(`/assistants/${assistant}/flows/transfer_money?step=START`);
    const always = page.getByRole("switch", { name: "Always in the prompt" });
    await always.focus();
    await page.keyboard.press("Space");
    await expect(always).toBeChecked();
    await saved(page);
    await page.goto(`/assistants/${assistant}/settings/model`);
    const flows = main.getByRole("list", { name: "Always in the prompt" });
    await expect(flows.getByRole("listitem")).toHaveText(["transfer money"]);
  });
});

test("the three pages in the dark, at 1024 and on a phone", async ({ page, request }) => {
  const assistant = await madeSample(request, `Model looks ${Date.now()}`, "bank");
  await signIn(page);
  await page.emulateMedia({ colorScheme: "dark" });
  for (const [section, width] of [
    ["model", 1440],
    ["model", 390],
    ["action-server", 390],
    ["prompts", 1024],
    ["prompts", 390],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`/assistants/${assistant}/settings/${section}`);
    await settled(page);
    await expectFits(page);
    await expectAccessible(page);
    await picture(page, `assistant-settings-${section}-${width}-dark`);
  }
});

test("who may not change settings reads the language model", async ({ page, request }) => {
  const assistant = await madeSample(request, `Model read ${Date.now()}`, "bank");
  const user = `reader-${Date.now()}`;
  createUser(user, "Flow Builder");
  await signIn(page, user);
  await page.goto(`/assistants/${assistant}/settings/model`);
  const main = page.getByRole("main");
  await expect(main.getByLabel("Model", { exact: true })).toHaveValue("gpt-4o-mini");
  await expect(main.getByLabel("Model", { exact: true })).toHaveAttribute("readonly", "");
  await expect(main.getByRole("button", { name: "Try", exact: true })).toBeDisabled();
  await expect(main.getByText(/needs the role Developer/)).toBeVisible();
});
