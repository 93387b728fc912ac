import { CARD_LOOKS, type CardKind } from "./step-kinds";
import classes from "./step-tile.module.css";

const ICON_SIZE: Partial<Record<CardKind, number>> = {
  start: 10,
  logic: 11,
  connect: 14,
  end: 14,
  noop: 14,
};

/** The small shape that tells a step kind: silhouette first, then icon, then colour. */
export function StepTile({ kind, size = 28 }: { kind: CardKind; size?: number }) {
  const { icon: Icon, colour } = CARD_LOOKS[kind];
  const icon = size < 28 ? (ICON_SIZE[kind] ?? 14) : 16;
  return (
    <span
      className={classes["tile"]}
      data-kind={kind}
      style={{ "--tile-size": `calc(${size} * var(--px))`, "--kind": colour }}
      aria-hidden="true"
    >
      <Icon size={icon} stroke={1.75} />
    </span>
  );
}
