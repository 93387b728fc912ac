import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "@playwright/test";

const root = fileURLToPath(new URL("../..", import.meta.url));

// The workers inherit what the runner has put into the environment.
// Assistants ask a language model where there is a key; a developer's own is not for tests.
delete process.env["OPENAI_API_KEY"];
// Below the ports that the system gives to outgoing connections.
process.env["STUDIO_PORT"] ??= String(20_000 + (process.pid % 12_000));
process.env["GIT_SERVER_PORT"] ??= String(32_000 + (process.pid % 760));
process.env["STUDIO_GIT_HOSTS"] ??= `http://127.0.0.1:${process.env["GIT_SERVER_PORT"]}`;
process.env["STUDIO_DATA_DIR"] ??= mkdtempSync(join(tmpdir(), "studio-e2e-"));
process.env["STUDIO_ADMIN_PASSWORD"] ??= "a password for tests";
// Few places, so that a test can fill them.
process.env["MAX_PARALLEL_TRAININGS"] ??= "1";
process.env["TRAINING_QUEUE_SIZE"] ??= "1";
// Each test brings assistants of its own; those of the tests before make room for them.
process.env["MODEL_SERVICE_EVICT_IDLE_AFTER_MS"] ??= "5000";
const url = `http://127.0.0.1:${process.env["STUDIO_PORT"]}`;

/** They need real servers; see services.config.ts. */
const ELSEWHERE = "services/**";
/** They are about the newest assistant, stop the model service, measure how soon something is seen, or fill every place for trainings. */
const ALONE = ["guide.spec.ts", "health.spec.ts", "live.spec.ts", "training-room.spec.ts"];

/** The whole product, started as `make up` starts it, in Debian's Chromium. */
export default defineConfig({
  testDir: ".",
  // Absolute, for services.config.ts lies elsewhere.
  outputDir: process.env["E2E_RESULTS"] ?? join(root, "frontend/test-results"),
  reporter: [["list"]],
  timeout: 90_000,
  expect: { timeout: 10_000 },
  // Tests of one file share an assistant and go one after another; files share nothing.
  workers: 2,
  // CI tries once more and tells it as flaky; at a desk a race is seen at once.
  retries: process.env["CI"] ? 1 : 0,
  projects: [
    { name: "beside", testIgnore: [ELSEWHERE, ...ALONE], teardown: "alone" },
    { name: "alone", testMatch: ALONE, workers: 1 }, // when the others are through, also if one failed
  ],
  forbidOnly: true,
  use: {
    baseURL: url,
    viewport: { width: 1440, height: 900 },
    screenshot: "only-on-failure",
    trace: { mode: "retain-on-failure", screenshots: false },
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium-headless-shell",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  webServer: {
    command: ".venv/bin/python deploy/scripts/up.py",
    cwd: root,
    url: `${url}/api/health`,
    timeout: 90_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 15_000 },
  },
});
