import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { openPalette, palette, typedAhead } from "./palette-state";

const pageKeys = vi.fn();
window.addEventListener("keydown", pageKeys);

afterEach(() => {
  typedAhead();
  palette.close();
  pageKeys.mockClear();
});

it("keeps what is typed until its field is there, and lets the page have none of it", async () => {
  openPalette();
  await userEvent.keyboard("mes{Backspace}mbers{Enter}");
  expect(typedAhead()).toBe("members");
  expect(pageKeys).not.toHaveBeenCalled();
  await userEvent.keyboard("x");
  expect(pageKeys).toHaveBeenCalledOnce();
  expect(typedAhead()).toBe("");
});

it("is given up by Escape", async () => {
  openPalette();
  await userEvent.keyboard("m{Escape}x");
  expect(pageKeys).toHaveBeenCalledOnce();
  expect(typedAhead()).toBe("");
});
