import { useTranslation } from "react-i18next";
import { useCanvasStore } from "@/components/flow-canvas/canvas-state";
import type { FlowGraph } from "@/flow-core/graph";
import { useCommands } from "@/lib/commands/use-commands";

/** `a` or `+` opens the menu below the focused (or selected) card, or above it where a path ends. */
export function AddKey({ graph }: { graph: FlowGraph }) {
  const { t } = useTranslation(["builder", "canvas"]);
  const store = useCanvasStore();
  const open = () => {
    const { focused, selected } = store.getState();
    const card = focused ?? selected ?? "START";
    const lines = graph.edges.filter((each) => each.place !== null);
    const edge = lines.find((each) => each.from === card) ?? lines.find((each) => each.to === card);
    if (edge) store.setState({ addingAt: edge.id });
  };
  useCommands([
    { id: "builder:add", label: t("canvas:add"), group: t("group"), keys: ["a", "+"], run: open },
  ]);
  return null;
}
