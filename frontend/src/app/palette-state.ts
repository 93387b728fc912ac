import { createSpotlight } from "@mantine/spotlight";

export const [paletteStore, palette] = createSpotlight();

/** What was typed since the palette was asked for; null once its field takes the keys itself. */
let ahead: string | null = null;

export function openPalette(): void {
  if (paletteStore.getState().opened) return;
  palette.open();
  ahead = "";
  window.addEventListener("keydown", onKeyAhead, { capture: true });
  window.addEventListener("pointerdown", typedAhead, { capture: true });
}

/** Whoever knows it types at once: until it is fetched and drawn, no letter gets lost or means something to the page. */
function onKeyAhead(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    typedAhead();
    palette.close();
  } else if (event.key.length === 1) ahead += event.key;
  else if (event.key === "Backspace") ahead = (ahead ?? "").slice(0, -1);
  else if (event.key !== "Enter") return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** Ends the waiting; what was typed until now. */
export function typedAhead(): string {
  window.removeEventListener("keydown", onKeyAhead, { capture: true });
  window.removeEventListener("pointerdown", typedAhead, { capture: true });
  const words = ahead ?? "";
  ahead = null;
  return words;
}

/** So that Enter means the first hit. Mantine chooses it when a letter is typed into its field: letters that were typed
    ahead, and hits that come later, are no such thing. */
export function chooseFirst(): void {
  const list = document.getElementById(paletteStore.getState().listId);
  const first = list?.querySelector("[data-action]");
  if (!first || list?.querySelector("[data-selected]")) return;
  first.setAttribute("data-selected", "true");
  paletteStore.updateState((state) => ({ ...state, selected: 0 }));
}
