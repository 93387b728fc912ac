import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { allContentQuery } from "@/api/content";
import { humanise } from "@/lib/humanise";
import { useResponseName } from "./use-response-name";

const OWN_WORDS = new Set(["system_flow", "intent", "entity"]);

/** What people call an item: flows by their names, responses in words, all else as it is written. */
export function useItemName(assistantId: string): (kind: string, key: string) => string {
  const flows = useQuery(allContentQuery(assistantId, "flows")).data;
  const responseName = useResponseName();
  const names = useMemo(() => new Map(flows?.map(({ id, name }) => [id, name])), [flows]);
  return useCallback(
    (kind, key) => {
      if (kind === "flow") return names.get(key) ?? humanise(key);
      if (kind === "response") return responseName(key);
      return OWN_WORDS.has(kind) ? humanise(key) : key;
    },
    [names, responseName],
  );
}
