import { useTranslation } from "react-i18next";
import type { CardKind } from "@/components/steps/step-kinds";
import { StepTile } from "@/components/steps/step-tile";
import { textScale } from "@/lib/text-scale";
import classes from "./sign-in-drawing.module.css";

const EDGES = [
  "M0 36V62",
  "M0 116V144",
  "M0 186V192Q0 198 -6 198H-130Q-140 198 -140 208V244",
  "M0 186V192Q0 198 6 198H130Q140 198 140 208V244",
  "M-140 298V310Q-140 320 -130 320H-7Q0 320 0 327V334",
  "M140 298V310Q140 320 130 320H7Q0 320 0 327V334",
];

interface DrawnStep {
  name: "start" | "collect" | "logic" | "action" | "offer" | "done";
  kind: CardKind;
  left: number;
  top: number;
  width: number;
  height: number;
  subtitle?: true;
}

const STEPS: readonly DrawnStep[] = [
  { name: "start", kind: "start", left: -85, top: 0, width: 170, height: 36 },
  { name: "collect", kind: "collect", left: -118, top: 62, width: 236, height: 54, subtitle: true },
  { name: "logic", kind: "logic", left: -95, top: 144, width: 190, height: 42 },
  { name: "action", kind: "action", left: -258, top: 244, width: 236, height: 54, subtitle: true },
  { name: "offer", kind: "message", left: 22, top: 244, width: 236, height: 54, subtitle: true },
  { name: "done", kind: "message", left: -118, top: 334, width: 236, height: 54, subtitle: true },
];

/** A small flow for decoration: the product's own tiles on cards of the same shapes. */
export function SignInDrawing() {
  const { t } = useTranslation("sign-in");
  return (
    <div className={classes["drawing"]} style={{ transform: `scale(${1.12 * textScale()})` }}>
      <svg className={classes["edges"]} width="1" height="1" aria-hidden="true">
        {EDGES.map((path) => (
          <path key={path} d={path} />
        ))}
      </svg>
      <span className={classes["chip"]} style={{ left: -140, top: 221 }}>
        {t("drawing.branch")}
      </span>
      <span className={classes["chip"]} data-else style={{ left: 140, top: 221 }}>
        {t("drawing.else")}
      </span>
      {STEPS.map(({ name, kind, left, top, width, height, subtitle }) => (
        <div
          key={name}
          className={classes["step"]}
          data-kind={kind}
          style={{ left, top, width, height }}
        >
          <StepTile kind={kind} size={subtitle ? 28 : 24} />
          <span className={classes["text"]}>
            <b>{t(`drawing.${name}.title`)}</b>
            {subtitle ? <small>{t(`drawing.${name as "collect"}.subtitle`)}</small> : null}
          </span>
        </div>
      ))}
    </div>
  );
}
