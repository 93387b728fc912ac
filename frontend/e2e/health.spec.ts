import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { signIn } from "./studio";

/** The model service of this Studio; others may run on this machine. */
function modelService(): number {
  const folder = `STUDIO_DATA_DIR=${process.env["STUDIO_DATA_DIR"] ?? ""}`;
  const found = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
        if (!command.includes("-m\0modelservice\0")) return false;
        return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(folder);
      } catch {
        return false; // ended, or not ours
      }
    });
  return Number(found[0]);
}

test("a model service that hangs is told in every page, and the pages go on", async ({ page }) => {
  await signIn(page);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: /Good/ })).toBeVisible();
  const banner = page.getByText("The model service does not answer.");
  await expect(banner).toBeHidden();
  const pid = modelService();
  process.kill(pid, "SIGSTOP");
  try {
    await expect(banner).toBeVisible({ timeout: 40_000 });
    await page.reload();
    await expect(page.getByRole("heading", { name: /Good/ })).toBeVisible();
    await expect(banner).toBeVisible();
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await expect(banner).toBeHidden({ timeout: 40_000 });
});

test("a model service that was killed is started again, and it is told", async ({ page }) => {
  await signIn(page);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: /Good/ })).toBeVisible();
  const pid = modelService();
  process.kill(pid, "SIGKILL");
  await expect(page.getByText(/The model service ended at .* and was started again/)).toBeVisible({
    timeout: 30_000,
  });
  await expect.poll(modelService).not.toBe(pid);
});
