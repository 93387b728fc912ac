import { useTranslation } from "react-i18next";
import { CARD_LOOKS, CARD_TILE, type CardKind } from "@/components/steps/step-kinds";
import { StepTile } from "@/components/steps/step-tile";
import type { Mark } from "./canvas-state";
import type { CardText } from "./card-texts";
import classes from "./step-card.module.css";

export type CardState = "selected" | "current" | "passed" | "dimmed" | undefined;

interface StepCardProps {
  kind: CardKind;
  text: CardText;
  width: number;
  height: number;
  state?: CardState;
  mark?: Mark | undefined;
}

/** The look of a step, also outside the canvas (it takes no input and knows no flow). */
export function StepCard({ kind, text, width, height, state, mark }: StepCardProps) {
  const { t } = useTranslation("canvas");
  const severity = mark?.errors ? "error" : mark?.warnings ? "warning" : undefined;
  return (
    <div
      className={classes["card"]}
      data-kind={kind}
      data-state={state}
      data-severity={severity}
      style={{ width, height, "--kind": CARD_LOOKS[kind].colour }}
    >
      <StepTile kind={kind} size={CARD_TILE[kind]} />
      <span className={classes["text"]}>
        <b title={text.title}>{text.title}</b>
        {text.subtitle && height > 45 ? <small title={text.subtitle}>{text.subtitle}</small> : null}
      </span>
      {mark && severity ? (
        <span className={classes["mark"]} data-severity={severity} aria-hidden="true">
          {mark.errors || mark.warnings}
        </span>
      ) : null}
      {state === "current" ? <span className={classes["tag"]}>{t("waiting")}</span> : null}
    </div>
  );
}
