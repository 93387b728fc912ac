import { useCallback, useMemo } from "react";
import type { Chip } from "@/flow-core/graph";
import { layoutFlow } from "@/flow-core/layout";
import type { FlowDocument } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";
import type { CardTexts } from "./card-texts";

/** A flow laid out for the canvas, and what the chips of its branches say. */
export function useDrawnFlow(document: FlowDocument, texts: CardTexts) {
  const graph = useMemo(
    () => layoutFlow(document, { title: texts.flowTitle, branch: texts.branch }),
    [document, texts],
  );
  const chipText = useCallback(
    (chip: Chip) => {
      const next = indexFlow(document).byKey.get(chip.step)?.step.next;
      const branch = next?.kind === "branches" ? next.branches[chip.branch] : undefined;
      return branch ? texts.branch(branch) : "";
    },
    [document, texts],
  );
  return { graph, chipText };
}
