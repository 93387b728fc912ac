const EXAMPLES = "examples";
const NEW_EXAMPLE = "new-example";

export { EXAMPLES, NEW_EXAMPLE };

/** From the list of intents to the examples of the open one, or to the field of its first. */
export function focusExamples(): void {
  const grid = document.getElementById(EXAMPLES);
  (grid ?? document.getElementById(NEW_EXAMPLE))?.focus();
}

export function focusNewExample(): void {
  document.getElementById(NEW_EXAMPLE)?.focus();
}
