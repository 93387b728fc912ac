import { IconMaximize, IconMinus, IconPlus } from "@tabler/icons-react";
import { MiniMap, Panel } from "@xyflow/react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/icon-button";
import { CARD_LOOKS } from "@/components/steps/step-kinds";
import { useCommands } from "@/lib/commands/use-commands";
import { textScale } from "@/lib/text-scale";
import type { CardNode, ChipNode } from "./canvas-nodes";
import { useCanvas } from "./canvas-state";
import classes from "./flow-canvas.module.css";
import { useZoom } from "./viewport";

/** Zoom, and above it the map of the whole flow where there is room for it. */
export function CanvasControls({ withMap }: { withMap: boolean }) {
  return (
    <Panel position="bottom-left">
      {withMap ? (
        <div className={classes["map"]}>
          <FlowMap />
          <div className={classes["zoomRow"]}>
            <ZoomButtons />
          </div>
        </div>
      ) : (
        <div className={classes["float"]}>
          <ZoomButtons />
        </div>
      )}
    </Panel>
  );
}

function ZoomButtons() {
  const { t } = useTranslation("canvas");
  const { percent, zoomIn, zoomOut, fit, actualSize } = useZoom();
  useCommands([
    { id: "canvas:fit", label: t("fit"), group: t("canvas"), keys: ["0"], run: fit },
    {
      id: "canvas:actual",
      label: t("actualSize"),
      group: t("canvas"),
      keys: ["1"],
      run: actualSize,
    },
  ]);
  return (
    <>
      <IconButton size={28} label={t("zoomOut")} onClick={zoomOut}>
        <IconMinus size={18} stroke={1.75} />
      </IconButton>
      <button
        type="button"
        className={classes["percent"]}
        onClick={actualSize}
        title={t("actualSize")}
      >
        {percent}%
      </button>
      <IconButton size={28} label={t("zoomIn")} onClick={zoomIn}>
        <IconPlus size={18} stroke={1.75} />
      </IconButton>
      <span className={classes["divider"]} />
      <IconButton size={28} label={t("fit")} keyHint="0" onClick={fit}>
        <IconMaximize size={18} stroke={1.75} />
      </IconButton>
    </>
  );
}

const MAP_SIZE = { width: 184, height: 128 };

function FlowMap() {
  const { t } = useTranslation("canvas");
  const [size] = useState(() => {
    const scale = textScale();
    return { width: MAP_SIZE.width * scale, height: MAP_SIZE.height * scale };
  });
  const selected = useCanvas((state) => state.selected);
  const marks = useCanvas((state) => state.marks);
  const colour = (node: CardNode | ChipNode) => {
    if (node.type === "chip") return "transparent";
    if (node.id === selected) return "var(--accent)";
    if (marks.get(node.id)?.errors) return "var(--err)";
    return `color-mix(in srgb, ${CARD_LOOKS[node.data.card.kind].colour} 55%, transparent)`;
  };
  return (
    <MiniMap<CardNode | ChipNode>
      ariaLabel={t("minimap")}
      pannable
      nodeColor={colour}
      nodeBorderRadius={8}
      nodeStrokeWidth={0}
      maskColor="transparent"
      maskStrokeColor="var(--text-2)"
      maskStrokeWidth={1.25}
      style={size}
    />
  );
}

/** A float over the canvas at one of its corners. */
export function CanvasFloat({
  position,
  children,
}: {
  position: "top-left" | "top-right";
  children: ReactNode;
}) {
  return (
    <Panel position={position}>
      <div className={classes["float"]}>{children}</div>
    </Panel>
  );
}

export function FloatDivider() {
  return <span className={classes["divider"]} />;
}
