import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { intentsQuery } from "@/api/understanding";
import { keysOf, type Offer } from "@/components/code-editor/completions";
import { useKindName } from "./use-kind";
import { useSources } from "./use-sources";

/** What the editor of a file offers: the keys of its format, and the names of what the assistant has. */
export function useCompletions(assistantId: string, path: string): readonly Offer[] {
  const { flows, responses, slots, actions } = useSources(assistantId);
  const intents = useQuery(intentsQuery(assistantId)).data;
  const kindName = useKindName();
  const keys = keysOf(path);
  const [flow, response, slot, action, intent] = (
    ["flow", "response", "slot", "action", "intent"] as const
  ).map((kind) => kindName(kind));
  return useMemo(() => {
    if (keys.length === 0) return [];
    const named = (names: Iterable<string>, detail: string | undefined) =>
      [...names].map((label) => (detail ? { label, detail } : { label }));
    return [
      ...keys.map((label) => ({ label })),
      ...named(
        flows.map(({ id }) => id),
        flow,
      ),
      ...named(responses.keys(), response),
      ...named(slots.keys(), slot),
      ...named(
        actions.map(({ id }) => id),
        action,
      ),
      ...named(intents?.map(({ id }) => id) ?? [], intent),
    ];
  }, [keys, flows, responses, slots, actions, intents, flow, response, slot, action, intent]);
}
