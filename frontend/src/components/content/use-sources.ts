import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { allContentQuery } from "@/api/content";
import type { Sources } from "./content-context";

/** Flows, responses, slots and actions of the assistant, for names on cards and choices in panels. */
export function useSources(assistantId: string): Sources {
  const flows = useQuery(allContentQuery(assistantId, "flows")).data;
  const responses = useQuery(allContentQuery(assistantId, "responses")).data;
  const slots = useQuery(allContentQuery(assistantId, "slots")).data;
  const actions = useQuery(allContentQuery(assistantId, "actions")).data;
  return useMemo(
    () => ({
      flows: flows ?? [],
      responses: new Map(responses?.map((response) => [response.id, response])),
      slots: new Map(slots?.map((slot) => [slot.id, slot])),
      actions: actions ?? [],
    }),
    [flows, responses, slots, actions],
  );
}
