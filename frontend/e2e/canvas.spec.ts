import { expect, type Page, test } from "@playwright/test";
import { card, serverOf } from "./authoring";
import { signIn } from "./studio";

/** What a person sees of a large flow on the canvas. */

/** The start, ten times a step, its branches and two messages, ten jumps and ends, one end more. */
const CARDS = 1 + 10 * 4 + 10 + 1;

/** Thirty steps below one another, with branches. */
const LONG = {
  name: "long",
  description: "Many steps.",
  steps: Array.from({ length: 10 }, (_, number) => ({
    id: `step_${number}`,
    action: "utter_bye",
    next: [
      { if: "slots.vip", then: [{ action: "utter_bye", next: number > 0 ? "step_0" : "END" }] },
      { else: [{ action: "utter_bye", next: number < 9 ? `step_${number + 1}` : "END" }] },
    ],
  })),
};

/** The cards that lie, whole or in part, outside of the canvas. */
async function outside(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const canvas = document.querySelector(".react-flow")?.getBoundingClientRect();
    if (!canvas) return ["no canvas"];
    return [...document.querySelectorAll<HTMLElement>("[data-card]")].flatMap((element) => {
      const box = element.getBoundingClientRect();
      const inside =
        box.left >= canvas.left &&
        box.right <= canvas.right &&
        box.top >= canvas.top &&
        box.bottom <= canvas.bottom;
      return inside ? [] : [element.dataset["card"] ?? ""];
    });
  });
}

test("Fit shows the whole flow, also after an edit", async ({ page, request }) => {
  const server = await serverOf(request, "Fit");
  await server.post("responses/", { id: "utter_bye", body: [{ text: "Bye!" }] });
  await server.post("flows/", { id: "long", body: LONG });
  await signIn(page);
  await page.goto(`/assistants/${server.id}/flows/long`);
  await expect(card(page, "Start: ")).toBeVisible();
  // Cards outside of the canvas are not drawn.
  const cards = page.locator("[data-card]");
  await expect(cards).not.toHaveCount(CARDS);
  const fit = page.getByRole("button", { name: "Fit the flow" });
  await fit.click();
  await expect.poll(() => outside(page)).toEqual([]);
  await expect(cards).toHaveCount(CARDS);

  await card(page, "Start: ").click();
  await page.getByRole("button", { name: "Add a step here" }).first().click();
  await page.getByLabel("Find a step kind").fill("coll");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Find a step kind")).toBeHidden();
  await page.getByTitle("Actual size").click();
  await expect(cards).not.toHaveCount(CARDS + 1);
  await fit.click();
  await expect.poll(() => outside(page)).toEqual([]);
  await expect(cards).toHaveCount(CARDS + 1);
});
