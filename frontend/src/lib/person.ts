const COLOURS = ["teal", "violet", "orange", "pink", "blue", "grey"] as const;

/** The one colour a person keeps everywhere, chosen by a hash of the user id. */
export function personColour(id: string): string {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return `var(--person-${COLOURS[hash % COLOURS.length] ?? "grey"})`;
}

/** "Ana Ruiz" becomes "AR"; one word gives its first two letters. */
export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s._-]+/)
    .filter(Boolean);
  const [first = "?", second] = words;
  return (second ? first.charAt(0) + second.charAt(0) : first.slice(0, 2)).toUpperCase();
}
