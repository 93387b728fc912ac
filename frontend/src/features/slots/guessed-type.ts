const YES_NO =
  /^(is|has|wants|needs|can|should|may)_|_?(confirmed|confirmation|verified|accepted|agreed)$/;
const NUMBER =
  /(^|_)(amount|number|count|price|age|sum|total|balance|limit|quantity|size|persons|people|guests)$/;

/** The type that a slot of this name most likely has. */
export function guessedType(name: string): "bool" | "float" | "text" {
  const words = name.toLowerCase();
  if (YES_NO.test(words)) return "bool";
  return NUMBER.test(words) ? "float" : "text";
}
