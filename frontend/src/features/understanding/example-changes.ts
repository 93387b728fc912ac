import type { ExampleChange } from "@/api/understanding";

/** The examples of an intent after a change; one that is carried out already changes nothing more. */
export function applied(intent: string, texts: readonly string[], change: ExampleChange): string[] {
  const { was, becomes } = change;
  const before = was?.intent === intent ? texts.indexOf(was.text) : -1;
  const stays = becomes?.intent === intent;
  if (before >= 0 && stays && change.position === undefined)
    return texts.with(before, becomes.text);
  const rest = before >= 0 ? texts.toSpliced(before, 1) : [...texts];
  if (!stays || rest.includes(becomes.text)) return rest;
  return rest.toSpliced(change.position ?? rest.length, 0, becomes.text);
}

/** What takes the changes back. `places` tells where each example stood in its intent. */
export function reversed(
  changes: readonly ExampleChange[],
  places: (intent: string, text: string) => number,
): ExampleChange[] {
  return changes
    .map(({ was, becomes, position }): ExampleChange => {
      const reworded = was?.intent === becomes?.intent && position === undefined;
      if (!was || reworded) return { was: becomes, becomes: was };
      const place = places(was.intent, was.text);
      return { was: becomes, becomes: was, ...(place < 0 ? {} : { position: place }) };
    })
    .reverse();
}
