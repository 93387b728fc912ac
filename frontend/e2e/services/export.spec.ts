import { readFileSync } from "node:fs";
import { type Download, expect, type Page, test } from "@playwright/test";
import { bytesIn, contentOf, fileText, projectFolder, zipOf } from "../studio";
import { signIn } from "./realm";

test("an assistant and its flows are exported from the bucket by signed addresses", async ({
  page,
}) => {
  const folder = projectFolder();
  await signIn(page, "superuser");
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Import" }).click();
  const name = `Exported ${Date.now()}`;
  const buffer = readFileSync(zipOf(folder));
  await (await chooser).setFiles({ name: `${name}.zip`, mimeType: "application/zip", buffer });
  await page.getByRole("link", { name: "Open the flows" }).click();
  await page.waitForURL(/\/assistants\/[0-9a-f-]{36}/);
  const assistant = /assistants\/([0-9a-f-]{36})/.exec(page.url())?.[1] ?? "";
  const one = await fromBucket(page, assistant, async () => {
    await page
      .getByRole("row")
      .getByRole("button", { name: "Export", exact: true })
      .first()
      .click();
    await page.getByRole("dialog").getByRole("button", { name: "Export", exact: true }).click();
  });
  const flow = one.suggestedFilename().replace(/\.zip$/, "");
  expect(Object.keys(contentOf(await one.path()).flows)).toContain(flow);

  await page.getByRole("link", { name: "Home" }).click();
  const card = page.getByRole("article").filter({ hasText: name });
  await card.getByRole("button", { name: "More" }).click();
  const whole = await fromBucket(page, assistant, () =>
    page.getByRole("menuitem", { name: "Export" }).click(),
  );
  expect(whole.suggestedFilename()).toBe(`${name.toLowerCase().replace(" ", "-")}.zip`);
  for (const path of ["config.yml", "endpoints.yml", "NOTES.txt"])
    expect(bytesIn(await whole.path(), path)).toBe(fileText(folder, path));
  expect(new URL(one.url()).pathname).not.toBe(new URL(whole.url()).pathname);
});

async function fromBucket(
  page: Page,
  assistant: string,
  ask: () => Promise<void>,
): Promise<Download> {
  const download = page.waitForEvent("download");
  await ask();
  const file = await download;
  const address = new URL(file.url());
  expect(address.origin).toBe(process.env["AWS_ENDPOINT_URL"]);
  expect(address.pathname).toContain(`/exports/${assistant}/`);
  expect(address.searchParams.has("X-Amz-Signature")).toBe(true);
  return file;
}
