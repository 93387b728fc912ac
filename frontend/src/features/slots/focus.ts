const FORM = "slot-form";

export { FORM as SLOT_FORM };

/** From the list to the first field of what it shows. */
export function focusForm(): void {
  const form = document.getElementById(FORM);
  form?.querySelector<HTMLElement>("input, textarea, [role='combobox']")?.focus();
}
