import {
  getViewportForBounds,
  type ReactFlowInstance,
  useReactFlow,
  useStore,
  useStoreApi,
} from "@xyflow/react";
import { useEffect, useRef, useState } from "react";
import type { Card, FlowGraph } from "@/flow-core/graph";
import { textScale } from "@/lib/text-scale";
import { useCanvas } from "./canvas-state";

const MOVE_MS = 150;
const TOP_SPACE = 24;
const SIDE_SPACE = 40;
const SMALLEST_READABLE = 0.6;
/** A person may always zoom out as far as this, and farther where a flow needs it to be seen whole. */
const SMALLEST_ZOOM = 0.2;
const FIT_PADDING = 0.08;
const NARROW = 760;
const NARROW_ZOOM = 0.8;
/** Where little width is left, what floats at the corners needs a line of its own. */
const NARROW_TOP = 64;

/** `prefers-reduced-motion` means no animation at all. */
function duration(): number {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : MOVE_MS;
}

/** On opening: the whole flow if it stays readable, else its beginning, or the card of the address. */
export function FirstView({ graph, card }: { graph: FlowGraph; card: string | null }) {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const done = useRef(false);
  useEffect(() => {
    if (done.current || width === 0 || height === 0 || graph.cards.length === 0) return;
    done.current = true;
    const { bounds } = graph;
    const fits = Math.min(
      (width - 2 * SIDE_SPACE) / bounds.width,
      (height - 2 * TOP_SPACE) / bounds.height,
    );
    const wide = (width - 2 * SIDE_SPACE) / bounds.width;
    const scale = textScale();
    const narrow = width < NARROW * scale;
    const largest = narrow ? NARROW_ZOOM * scale : scale;
    const readable = SMALLEST_READABLE * scale;
    const zoom = Math.min(largest, Math.max(fits, Math.min(wide, scale), readable));
    const x = width / 2 - (bounds.x + bounds.width / 2) * zoom;
    void flow.setViewport({ x, y: narrow ? NARROW_TOP * scale : TOP_SPACE, zoom });
    const start = graph.cards.find((each) => each.id === card);
    if (start) keepInView(flow, start, width, height, 0);
  }, [flow, graph, card, width, height]);
  return null;
}

/** Lets a person zoom out until the whole flow is seen. */
export function ZoomRange({ bounds }: { bounds: FlowGraph["bounds"] }) {
  const store = useStoreApi();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(() => {
    if (width > 0 && height > 0)
      store.getState().setMinZoom(Math.min(SMALLEST_ZOOM, fitting(bounds, width, height, 1).zoom));
  }, [store, bounds, width, height]);
  return null;
}

/** The view that shows all of the flow, no larger than `largest`. */
function fitting(bounds: FlowGraph["bounds"], width: number, height: number, largest: number) {
  return getViewportForBounds(bounds, width, height, 0, largest, FIT_PADDING);
}

/** Pans just enough to show the card, whenever another one is named. */
export function KeepInView({ graph, card }: { graph: FlowGraph; card: string | null }) {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const found = graph.cards.find((each) => each.id === card);
  const place = found ? `${found.id} ${found.x} ${found.y}` : "";
  const latest = useRef(found);
  useEffect(() => {
    latest.current = found;
  });
  useEffect(() => {
    if (place && latest.current && width > 0)
      keepInView(flow, latest.current, width, height, duration());
  }, [flow, place, width, height]);
  return null;
}

function keepInView(
  flow: ReactFlowInstance,
  card: Card,
  width: number,
  height: number,
  time: number,
): void {
  const { x, y, zoom } = flow.getViewport();
  const left = card.x * zoom + x;
  const top = card.y * zoom + y;
  const right = left + card.width * zoom;
  const bottom = top + card.height * zoom;
  const margin = SIDE_SPACE;
  const moveX = left < margin ? margin - left : right > width - margin ? width - margin - right : 0;
  const moveY =
    top < margin ? margin - top : bottom > height - 2 * margin ? height - 2 * margin - bottom : 0;
  if (moveX || moveY)
    void flow.setViewport({ x: x + moveX, y: y + moveY, zoom }, { duration: time });
}

export interface Zoom {
  /** Of the usual size: a person with larger letters sees the whole canvas larger at 100 %. */
  percent: number;
  zoomIn: () => void;
  zoomOut: () => void;
  fit: () => void;
  actualSize: () => void;
}

export function useZoom(): Zoom {
  const flow = useReactFlow();
  const store = useStoreApi();
  const bounds = useCanvas((state) => state.bounds);
  const zoom = useStore((state) => state.transform[2]);
  const [scale] = useState(textScale);
  return {
    percent: Math.round((zoom / scale) * 100),
    zoomIn: () => void flow.zoomIn({ duration: duration() }),
    zoomOut: () => void flow.zoomOut({ duration: duration() }),
    fit: () => {
      const { width, height } = store.getState();
      void flow.setViewport(fitting(bounds, width, height, scale), { duration: duration() });
    },
    actualSize: () => void flow.zoomTo(scale, { duration: duration() }),
  };
}
