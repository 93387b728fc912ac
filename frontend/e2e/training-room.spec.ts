import { expect, test } from "@playwright/test";
import { type Server, serverAt, trainedSample } from "./authoring";
import { accessToken, expectAccessible, largeProject, processIn, signIn } from "./studio";

/** The model service of these tests trains one at a time, and lets one more wait. */
test("a training waits in line, is stopped, is refused where no place is left", async ({
  page,
  request,
}) => {
  test.setTimeout(180_000);
  const bank = await trainedSample(request, `Training room ${Date.now()}`, "bank");
  const headers = { Authorization: `Bearer ${await accessToken(request)}` };
  const file = { name: "large.zip", mimeType: "application/zip", buffer: largeProject() };
  const large = async (name: string) => {
    const multipart = { file, name: `${name} ${Date.now()}` };
    const made = await request.post("/api/v1/assistants/import/", { headers, multipart });
    const { assistant } = (await made.json()) as { assistant: { id: string } };
    return serverAt(request, assistant.id);
  };
  const [first, second] = [await large("First"), await large("Second")];
  await signIn(page);
  await page.goto(`/assistants/${bank}/versions?train=1`);
  await expect(page.getByText("Trained and run by Studio’s own runtime")).toBeVisible();
  const start = page.getByRole("button", { name: "Start training" });
  await expect(start).toBeEnabled();

  await first.post("versions/", { flows: null });
  await start.click();
  const panel = page.getByRole("complementary");
  await expect(panel).toContainText(/Version 2 waits for a place\s*place 1 in line/);
  await panel.getByRole("button", { name: "Stop" }).click();
  await expect(page.getByText("Version 2 was stopped")).toBeVisible();
  await expectAccessible(page);

  const statusOf = (server: Server) => async () =>
    (await server.get<{ results: { status: string }[] }>("versions/")).results[0]?.status;
  await expect.poll(statusOf(first), { timeout: 60_000 }).toBe("ready");
  const { id } = await first.post<{ id: string }>("versions/", { flows: null });
  const training = await processIn(`/trainings/${id}`);
  process.kill(training, "SIGSTOP"); // so that no place becomes free
  await second.post("versions/", { flows: null });
  await start.click();
  const refusal = page.getByRole("alert").filter({ hasText: "All places for trainings are taken" });
  await expect(refusal).toContainText("limit of 1");
  await expect(refusal).toContainText("TRAINING_QUEUE_SIZE");
  process.kill(training, "SIGCONT");
  await expect.poll(statusOf(first), { timeout: 60_000 }).toBe("ready");
  await expect.poll(statusOf(second), { timeout: 60_000 }).toBe("ready");
  await refusal.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByText("Version 3 is ready").first()).toBeVisible({ timeout: 30_000 });
});
