import "@xyflow/react/dist/base.css";
import {
  Background,
  BackgroundVariant,
  Position,
  ReactFlow,
  ReactFlowProvider,
  useStore,
} from "@xyflow/react";
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import {
  type Card,
  type Chip,
  type Direction,
  type FlowGraph,
  neighbour,
  START_CARD,
} from "@/flow-core/graph";
import { textScale } from "@/lib/text-scale";
import { JumpArrow, type LineEdge, LineEdgeView } from "./canvas-edge";
import { type CardNode, CardNodeView, type ChipNode, ChipNodeView } from "./canvas-nodes";
import {
  type CanvasStore,
  CanvasStoreContext,
  createCanvasStore,
  type Mark,
  type Progress,
} from "./canvas-state";
import type { CardText } from "./card-texts";
import classes from "./flow-canvas.module.css";
import { FirstView, KeepInView, ZoomRange } from "./viewport";

export interface FlowCanvasProps {
  graph: FlowGraph;
  cardText: (card: Card) => CardText;
  chipText: (chip: Chip) => string;
  selected?: string | null;
  onSelect?: (card: string | null) => void;
  onOpenBranch?: (chip: Chip) => void;
  marks?: ReadonlyMap<string, Mark>;
  progress?: Progress | null;
  /** A card to pan to whenever it changes. */
  inView?: string | null;
  onUserPan?: () => void;
  /** Floats over the canvas; they may use the canvas store and xyflow's. */
  children?: ReactNode;
}

const NODE_TYPES = { card: CardNodeView, chip: ChipNodeView };
const EDGE_TYPES = { line: LineEdgeView };
const NO_MARKS: ReadonlyMap<string, Mark> = new Map();

/** Draws a laid out flow. It only looks: whoever uses it decides what a click or a key does. */
export function FlowCanvas(props: FlowCanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

function Canvas(props: FlowCanvasProps) {
  const { graph, cardText, chipText, selected = null, onSelect, onOpenBranch, children } = props;
  const { marks = NO_MARKS, progress = null, inView = null, onUserPan } = props;
  const { t } = useTranslation("canvas");
  const [store] = useState(createCanvasStore);
  const [scale] = useState(textScale);
  const wrapper = useRef<HTMLDivElement>(null);
  const texts = useMemo(
    () => new Map(graph.cards.map((card) => [card.id, cardText(card)])),
    [graph, cardText],
  );
  useEffect(
    () => store.setState({ texts, marks, progress, selected, bounds: graph.bounds }),
    [store, texts, marks, progress, selected, graph],
  );
  useEffect(() => {
    // Without it a card that was deleted would take the only tab stop with it.
    const { focused } = store.getState();
    if (focused && !graph.cards.some((card) => card.id === focused))
      store.setState({ focused: null });
  }, [store, graph]);
  const nodes = useMemo(() => nodesOf(graph, chipText), [graph, chipText]);
  const edges = useMemo(() => edgesOf(graph), [graph]);
  const onKeyDown = useCanvasKeys(store, graph, selected, onSelect, wrapper);
  return (
    <CanvasStoreContext value={store}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the cards inside are handled in one place */}
      <div className={classes["canvas"]} ref={wrapper} onKeyDown={onKeyDown}>
        <JumpArrow />
        <DetailLevel wrapper={wrapper} />
        <ReactFlow<CardNode | ChipNode, LineEdge>
          aria-label={t("canvas")}
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          edgeTypes={EDGE_TYPES}
          onlyRenderVisibleElements={nodes.length > 60}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          panOnScroll
          zoomOnDoubleClick={false}
          deleteKeyCode={null}
          selectionKeyCode={null}
          maxZoom={2 * scale}
          proOptions={PRO_OPTIONS}
          onNodeClick={(_event, node) => {
            if (node.type === "card") onSelect?.(node.id);
            else onOpenBranch?.(node.data.chip);
          }}
          onPaneClick={() => onSelect?.(null)}
          onEdgeMouseEnter={(_event, edge) => store.setState({ hoveredEdge: edge.id })}
          onEdgeMouseLeave={() => leaveEdge(store)}
          {...(onUserPan
            ? { onMoveStart: (event: unknown) => (event ? onUserPan() : undefined) }
            : {})}
        >
          <Background
            variant={BackgroundVariant.Dots}
            gap={20}
            size={1.4}
            color="var(--canvas-dots)"
          />
          <FirstView graph={graph} card={inView ?? selected} />
          <ZoomRange bounds={graph.bounds} />
          <KeepInView graph={graph} card={inView ?? selected} />
          {children}
        </ReactFlow>
      </div>
    </CanvasStoreContext>
  );
}

const PRO_OPTIONS = { hideAttribution: true };
const LINGER_MS = 250;

/** The + of a line stays a moment, so that the pointer can reach it. */
function leaveEdge(store: CanvasStore): void {
  const left = store.getState().hoveredEdge;
  setTimeout(() => {
    if (store.getState().hoveredEdge === left) store.setState({ hoveredEdge: null });
  }, LINGER_MS);
}

function nodesOf(graph: FlowGraph, chipText: (chip: Chip) => string): (CardNode | ChipNode)[] {
  const cards = graph.cards.map(
    (card): CardNode => ({
      id: card.id,
      type: "card",
      position: { x: card.x, y: card.y },
      width: card.width,
      height: card.height,
      data: { card },
      handles: [
        { type: "target", position: Position.Top, x: card.width / 2, y: 0, width: 1, height: 1 },
        {
          type: "source",
          position: Position.Bottom,
          x: card.width / 2,
          y: card.height,
          width: 1,
          height: 1,
        },
      ],
    }),
  );
  const chips = graph.chips.map(
    (chip): ChipNode => ({
      id: chip.id,
      type: "chip",
      position: { x: chip.x, y: chip.y },
      origin: [0.5, 0.5],
      initialWidth: chip.width,
      initialHeight: 24,
      zIndex: 1,
      data: { chip, label: chipText(chip) },
    }),
  );
  return [...cards, ...chips];
}

function edgesOf(graph: FlowGraph): LineEdge[] {
  return graph.edges.map((edge) => ({
    id: edge.id,
    type: "line",
    source: edge.from,
    target: edge.to,
    data: { edge },
  }));
}

const ARROWS: Record<string, Direction> = {
  ArrowUp: "up",
  ArrowDown: "down",
  ArrowLeft: "left",
  ArrowRight: "right",
};

/** Arrows go along the edges, Enter opens the panel. With a panel open it follows the arrows. */
function useCanvasKeys(
  store: CanvasStore,
  graph: FlowGraph,
  selected: string | null,
  onSelect: FlowCanvasProps["onSelect"],
  wrapper: RefObject<HTMLDivElement | null>,
) {
  return (event: KeyboardEvent) => {
    const card = event.target instanceof HTMLElement ? event.target.dataset["card"] : undefined;
    if (!card || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onSelect?.(card);
      return;
    }
    const direction = ARROWS[event.key];
    const next = direction
      ? neighbour(graph, card, direction)
      : event.key === "Home"
        ? START_CARD
        : null;
    if (!next) return;
    event.preventDefault();
    store.setState({ focused: next });
    if (selected) onSelect?.(next);
    // A card outside the view exists only after the canvas has moved to it.
    requestAnimationFrame(() => focusCard(wrapper.current, next));
  };
}

export function focusCard(canvas: HTMLElement | null, card: string): void {
  canvas?.querySelector<HTMLElement>(`[data-card="${CSS.escape(card)}"]`)?.focus();
}

/** Far away subtitles go first, then all words; cards themselves stay unaware of the zoom. */
function DetailLevel({ wrapper }: { wrapper: RefObject<HTMLDivElement | null> }) {
  const [scale] = useState(textScale);
  const detail = useStore(({ transform: [, , zoom] }) =>
    zoom < 0.4 * scale ? "tiles" : zoom < 0.6 * scale ? "titles" : "all",
  );
  useEffect(() => {
    if (wrapper.current) wrapper.current.dataset["detail"] = detail;
  }, [wrapper, detail]);
  return null;
}
