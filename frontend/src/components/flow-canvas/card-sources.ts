import { useMemo } from "react";
import type { CardSources } from "./card-texts";

interface Content {
  readonly flows: readonly { readonly id: string; readonly name: string }[];
  readonly responses: ReadonlyMap<string, { readonly text?: string | null }>;
}

/** Names of flows and first texts of responses of an assistant as it is edited. */
export function useCardSources({ flows, responses }: Content): CardSources {
  return useMemo(() => {
    const names = new Map(flows.map((flow) => [flow.id, flow.name]));
    return {
      responseText: (response) => responses.get(response)?.text ?? undefined,
      flowName: (flow) => names.get(flow),
    };
  }, [flows, responses]);
}
