/** Fields of the editor are known by `data-row`: their row and, of a translation, their language. */
export function focusRow(row: string): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>(`[data-row="${row}"] textarea`);
    field?.focus();
  });
}

const PATIENCE_FRAMES = 120;

/** The first words of what is open; an answer of the server may still be on its way. */
export function focusEditor(): void {
  let frames = 0;
  const look = () => {
    const field = document.querySelector<HTMLElement>("#main textarea");
    frames += 1;
    if (field) field.focus();
    else if (frames < PATIENCE_FRAMES) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** The next row behind this one that has no words yet; false where all have. */
export function focusMissing(after: HTMLElement): boolean {
  const rows = [...document.querySelectorAll<HTMLTextAreaElement>("[data-translation] textarea")];
  const behind = rows.filter(
    (row) => after.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const next = [...behind, ...rows].find((row) => row.value.trim() === "" && row !== after);
  next?.focus();
  return next !== undefined;
}
