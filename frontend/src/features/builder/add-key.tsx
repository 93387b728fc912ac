import { useTranslation } from "react-i18next";
import { useCanvasStore } from "@/components/flow-canvas/canvas-state";
import type { FlowGraph } from "@/flow-core/graph";
import { useCommands } from "@/lib/commands/use-commands";

/** `a` or `+` opens the menu below the focused (or selected) card. */
export function AddKey({ graph }: { graph: FlowGraph }) {
  const { t } = useTranslation(["builder", "canvas"]);
  const store = useCanvasStore();
  const open = () => {
    const { focused, selected } = store.getState();
    const card = focused ?? selected ?? "START";
    const edge = graph.edges.find((each) => each.from === card && each.place !== null);
    if (edge) store.setState({ addingAt: edge.id });
  };
  useCommands([
    { id: "builder:add", label: t("canvas:add"), group: t("group"), keys: ["a", "+"], run: open },
  ]);
  return null;
}
