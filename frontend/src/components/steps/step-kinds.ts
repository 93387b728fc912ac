import {
  type Icon,
  IconArrowsExchange,
  IconArrowsSplit2,
  IconArrowUpRight,
  IconBolt,
  IconCircleCheck,
  IconCircleDotted,
  IconCornerLeftUp,
  IconForms,
  IconMessage2,
  IconPlayerPlayFilled,
  IconVariable,
} from "@tabler/icons-react";

/** What a card on the canvas can be: the step kinds of a flow, and what is only drawn. */
export type CardKind =
  | "start"
  | "message"
  | "collect"
  | "action"
  | "logic"
  | "set_slots"
  | "call"
  | "link"
  | "connect"
  | "noop"
  | "end";

export interface CardLook {
  icon: Icon;
  /** CSS variable of the kind's colour. */
  colour: string;
}

export const CARD_LOOKS: Record<CardKind, CardLook> = {
  start: { icon: IconPlayerPlayFilled, colour: "var(--kind-flow)" },
  message: { icon: IconMessage2, colour: "var(--kind-message)" },
  collect: { icon: IconForms, colour: "var(--kind-collect)" },
  action: { icon: IconBolt, colour: "var(--kind-action)" },
  logic: { icon: IconArrowsSplit2, colour: "var(--kind-logic)" },
  set_slots: { icon: IconVariable, colour: "var(--kind-set-slots)" },
  call: { icon: IconArrowsExchange, colour: "var(--kind-call)" },
  link: { icon: IconArrowUpRight, colour: "var(--kind-link)" },
  connect: { icon: IconCornerLeftUp, colour: "var(--kind-flow)" },
  noop: { icon: IconCircleDotted, colour: "var(--kind-flow)" },
  end: { icon: IconCircleCheck, colour: "var(--kind-flow)" },
};

/** Side of the square tile on a card of that kind. */
export const CARD_TILE: Record<CardKind, number> = {
  start: 24,
  message: 28,
  collect: 28,
  action: 28,
  logic: 24,
  set_slots: 28,
  call: 28,
  link: 28,
  connect: 24,
  noop: 24,
  end: 24,
};
