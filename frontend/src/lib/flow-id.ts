/** "Überweisung prüfen!" becomes `ueberweisung_pruefen`: letters, digits and underscores, not a digit first. */
export function flowIdFrom(name: string): string {
  const plain = name
    .toLowerCase()
    .replaceAll("ä", "ae")
    .replaceAll("ö", "oe")
    .replaceAll("ü", "ue")
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "");
  const id = plain.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  return /^[0-9]/.test(id) ? `flow_${id}` : id;
}
