import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { serverAt } from "./authoring";
import { accessToken, signIn, zipOf } from "./studio";

const python = fileURLToPath(new URL("../../.venv-rasa-oss/bin/python", import.meta.url));

test("what `rasa init` makes is trained by Rasa Open Source and talked to", async ({
  page,
  request,
}) => {
  test.skip(!existsSync(python), "Rasa Open Source is not installed: make rasa-oss");
  test.setTimeout(1_500_000);
  const made = await request.post("/api/v1/assistants/import/", {
    headers: { Authorization: `Bearer ${await accessToken(request)}` },
    multipart: {
      name: `Moodbot ${Date.now()}`,
      file: {
        name: "moodbot.zip",
        mimeType: "application/zip",
        buffer: readFileSync(zipOf(initialProject())),
      },
    },
  });
  const { assistant } = (await made.json()) as { assistant: { id: string } };
  const { id } = assistant;
  await (await serverAt(request, id)).post("versions/", { flows: null });
  // Training may take longer than a token is good for.
  const newest = async () => {
    const server = await serverAt(request, id);
    return (await server.get<{ results: { status: string }[] }>("versions/")).results[0];
  };
  const over = async () => ["ready", "failed"].includes((await newest())?.status ?? "");
  await expect.poll(over, { timeout: 1_200_000, intervals: [2000] }).toBe(true);
  expect(await newest()).toMatchObject({ status: "ready" });

  await signIn(page);
  await page.goto(`/assistants/${id}/try`);
  await page.getByLabel("Write a message").fill("hello");
  await page.getByLabel("Write a message").press("Enter");
  await expect(
    page.getByRole("list", { name: "Messages" }).getByText("Hey! How are you?").first(),
  ).toBeVisible({ timeout: 60_000 });
});

/** The files that `rasa init` writes. */
function initialProject(): string {
  const where = "import rasa.cli, pathlib; print(pathlib.Path(rasa.cli.__file__).parent)";
  const cli = execFileSync(python, ["-W", "ignore", "-c", where], { encoding: "utf8" }).trim();
  const folder = mkdtempSync(join(tmpdir(), "studio-moodbot-"));
  cpSync(join(cli, "initial_project"), folder, { recursive: true });
  return folder;
}
