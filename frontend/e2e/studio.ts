import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import { type APIRequestContext, type Cookie, expect, type Page } from "@playwright/test";

const root = fileURLToPath(new URL("../..", import.meta.url));
const python = join(root, ".venv/bin/python");

/** What the browser keeps of a sign-in, by user; other pages of this worker begin with it. */
const sessions = new Map<string, Cookie[]>();

/** Signs in as a person does, the first time; later the browser still has the session, as a person's has. */
export async function signIn(page: Page, user = "admin"): Promise<void> {
  const session = sessions.get(user);
  if (session) {
    await page.context().addCookies(session);
    return;
  }
  await signInByForm(page, user);
  sessions.set(user, await page.context().cookies());
}

/** Through the sign-in page, up to the greeting at home. */
export async function signInByForm(page: Page, user = "admin"): Promise<void> {
  await page.goto("/");
  await page.getByLabel("Email or user name").fill(user);
  await page
    .getByLabel("Password", { exact: true })
    .fill(process.env["STUDIO_ADMIN_PASSWORD"] ?? "");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(
    page.getByRole("heading", { name: /Good (morning|afternoon|evening)/ }),
  ).toBeVisible();
}

/** A person with one role and the password of `admin`, in the same Studio. */
export function createUser(name: string, role: string): void {
  manage("users", "create", name, "--role", role);
}

/** A command on the server; what it says. */
export function manage(...words: string[]): string {
  const password = process.env["STUDIO_ADMIN_PASSWORD"] ?? "";
  return execFileSync(python, ["manage.py", ...words], {
    cwd: root,
    input: password,
    encoding: "utf8",
  });
}

const TOKEN_USED_MS = 60_000;
let token = { text: "", until: 0 };

/** An access token for what a test prepares by REST; the journey itself uses the browser. */
export async function accessToken(request: APIRequestContext): Promise<string> {
  if (Date.now() < token.until) return token.text;
  const answer = await request.post("/auth/realms/rasa-studio/protocol/openid-connect/token", {
    form: {
      grant_type: "password",
      client_id: "admin-cli",
      username: "admin",
      password: process.env["STUDIO_ADMIN_PASSWORD"] ?? "",
      scope: "openid",
    },
  });
  const { access_token: text } = (await answer.json()) as { access_token: string };
  token = { text, until: Date.now() + TOKEN_USED_MS };
  return text;
}

const OF_DIALOGS = ["landmark-no-duplicate-banner", "landmark-unique"];
const DIALOG = '[role="dialog"][aria-modal="true"]';

/** No violation that axe calls moderate, serious or critical. */
export async function expectAccessible(page: Page): Promise<void> {
  // An open dialog brings a header of its own, behind which the page's cannot be used.
  const dialog = (await page.locator(DIALOG).count()) > 0;
  const axe = new AxeBuilder({ page }).disableRules(dialog ? OF_DIALOGS : []);
  const { violations } = await axe.analyze();
  const grave = violations
    .filter(({ impact }) => impact !== "minor")
    .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
  expect(grave).toEqual([]);
}

/** A project folder as people have one, from the telecom sample: comments, placeholders, notes beside it. */
export function projectFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "studio-project-"));
  cpSync(join(root, "studio/samples/telecom"), folder, { recursive: true });
  writeFileSync(
    join(folder, "endpoints.yml"),
    `# where actions run
action_endpoint:
  url: \${ACTION_URL}   # set by the operator
`,
  );
  writeFileSync(join(folder, "NOTES.txt"), "Für die Kolleginnen und Kollegen.\n");
  return folder;
}

export function zipOf(folder: string): string {
  const file = `${folder}.zip`;
  execFileSync(python, ["-m", "zipfile", "-c", file, "."], { cwd: folder });
  return file;
}

/** Items of a project by kind and name; the other kinds are compared whole. */
export interface ProjectContent {
  flows: Record<string, { name: string; description: string }>;
  responses: Record<string, { text: string }[]>;
  [kind: string]: unknown;
}

/** A zip with 1,000 flows and 5,000 responses, as the measurements use it. */
export function largeProject(): Buffer {
  const code =
    "import sys; from tests.bench.content import large_project; sys.stdout.buffer.write(large_project()[0])";
  return execFileSync(python, ["-c", code], { cwd: root, maxBuffer: 64 * 1024 * 1024 });
}

/** Every YAML document of a zip by path and as one merged content, the way Rasa reads a project. */
export function contentOf(zip: string): ProjectContent {
  const script = join(root, "frontend/e2e/zip_content.py");
  return JSON.parse(execFileSync(python, [script, zip], { encoding: "utf8" })) as ProjectContent;
}

/** Makes a trained model what another release would have made. */
export function madeOlder(model: string): void {
  const folder = join(process.env["STUDIO_DATA_DIR"] ?? "", "model-service/models");
  const file = join(folder, `${model}.tar.gz`);
  execFileSync(python, ["-m", "tests.studio.live.older_model", file], { cwd: root });
}

export function bytesIn(zip: string, path: string): string {
  const code =
    "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
  return execFileSync(python, ["-c", code, zip, path], { encoding: "utf8" });
}

export function fileText(folder: string, path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

/** The process that works in a folder of the model service; what was warm does not tell it in its command line. */
export async function processIn(folder: string): Promise<number> {
  const find = () =>
    readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .find((pid) => {
        try {
          return readlinkSync(`/proc/${pid}/cwd`).includes(folder);
        } catch {
          return false; // ended, or not ours
        }
      });
  await expect.poll(find, { message: `no process works in ${folder}` }).toBeDefined();
  return Number(find());
}
