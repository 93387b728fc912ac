import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Card, Chip } from "@/flow-core/graph";
import classes from "./canvas-nodes.module.css";
import { useCanvas, useCanvasStore } from "./canvas-state";
import type { CardText } from "./card-texts";
import { type CardState, StepCard } from "./step-card";

export type CardNode = Node<{ card: Card }, "card">;
export type ChipNode = Node<{ chip: Chip; label: string }, "chip">;

const NO_TEXT: CardText = { title: "" };

export const CardNodeView = memo(function CardNodeView({ data: { card } }: NodeProps<CardNode>) {
  const { t } = useTranslation("canvas");
  const text = useCanvas((state) => state.texts.get(card.id)) ?? NO_TEXT;
  const mark = useCanvas((state) => state.marks.get(card.id));
  const said = useCanvas((state) => state.progress?.values.get(card.id));
  const state = useCanvas((canvas): CardState => {
    if (canvas.selected === card.id) return "selected";
    if (canvas.progress?.current === card.id) return "current";
    return canvas.progress?.passed.has(card.id) ? "passed" : undefined;
  });
  const focusable = useCanvas(
    (canvas) => (canvas.focused ?? canvas.selected ?? "START") === card.id,
  );
  const store = useCanvasStore();
  const problems = (mark?.errors ?? 0) + (mark?.warnings ?? 0);
  return (
    <div
      className={classes["card"]}
      role="button"
      tabIndex={focusable ? 0 : -1}
      data-card={card.id}
      aria-pressed={state === "selected"}
      onPointerEnter={() => store.setState({ hoveredCard: card.id })}
      onPointerLeave={() => store.setState({ hoveredCard: null })}
      onFocus={() => store.setState({ focused: card.id })}
    >
      <Handle
        type="target"
        position={Position.Top}
        isConnectable={false}
        className={classes["handle"]}
      />
      <span className="visually-hidden">{t(`kinds.${card.kind}`)}: </span>
      <StepCard
        kind={card.kind}
        text={said ? { ...text, subtitle: said } : text}
        width={card.width}
        height={card.height}
        state={state}
        mark={mark}
      />
      {problems > 0 ? (
        <span className="visually-hidden">, {t("problems", { count: problems })}</span>
      ) : null}
      <Handle
        type="source"
        position={Position.Bottom}
        isConnectable={false}
        className={classes["handle"]}
      />
    </div>
  );
});

export const ChipNodeView = memo(function ChipNodeView({
  data: { chip, label },
}: NodeProps<ChipNode>) {
  const taken = useCanvas((state) =>
    [...(state.progress?.edges ?? [])].some((edge) =>
      edge.startsWith(`${chip.step}>`) || edge.startsWith(`${chip.step}:logic>`)
        ? edge.endsWith(`#${chip.branch}`)
        : false,
    ),
  );
  const bad = useCanvas((state) => (state.marks.get(chip.id)?.errors ?? 0) > 0);
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes["chip"]}
      data-role={chip.role}
      data-taken={taken}
      data-bad={bad}
      data-chip={chip.id}
      title={label}
    >
      {label}
    </button>
  );
});
