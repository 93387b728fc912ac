import type { Edge, EdgeProps } from "@xyflow/react";
import { memo } from "react";
import type { Edge as FlowEdge } from "@/flow-core/graph";
import classes from "./canvas-edge.module.css";
import { useCanvas } from "./canvas-state";

export type LineEdge = Edge<{ edge: FlowEdge }, "line">;

export const JUMP_ARROW = "canvas-jump-arrow";

/** One path per edge, as the layout drew it. */
export const LineEdgeView = memo(function LineEdgeView({ id, data }: EdgeProps<LineEdge>) {
  const taken = useCanvas((state) => state.progress?.edges.has(id) ?? false);
  const hovered = useCanvas((state) => state.hoveredEdge === id && data?.edge.place !== null);
  if (!data) return null;
  const { path, jump } = data.edge;
  return (
    <>
      <path
        className={classes["line"]}
        d={path}
        data-taken={taken}
        data-hovered={hovered}
        markerEnd={jump ? `url(#${JUMP_ARROW})` : undefined}
      />
      <path className={classes["reach"]} d={path} />
    </>
  );
});

/** The arrow head of jumps; drawn once per canvas. */
export function JumpArrow() {
  return (
    <svg className={classes["defs"]} aria-hidden="true" focusable="false">
      <defs>
        <marker
          id={JUMP_ARROW}
          viewBox="0 0 7 9"
          refX="0"
          refY="4.5"
          markerWidth="7"
          markerHeight="9"
          markerUnits="userSpaceOnUse"
          orient="auto"
        >
          <path d="M0 0L7 4.5L0 9z" fill="var(--edge)" />
        </marker>
      </defs>
    </svg>
  );
}
