import { type KeyboardEvent, type PointerEvent, type ReactNode, useCallback } from "react";
import { useTranslation } from "react-i18next";
import { setPreference, usePreferences } from "@/lib/preferences";
import classes from "./side-panel.module.css";

interface SidePanelProps {
  label: string;
  head: ReactNode;
  /** Between head and body, such as tabs. */
  bar?: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
  /** A fixed width in pixels; without it the panel can be dragged and the width is remembered. */
  width?: number;
}

const NARROWEST = 320;
const WIDEST = 560;
const KEY_STEP = 16;

/** The panel at the right: its body scrolls, head and foot stay. 324 wide on small windows, over the whole page on phones. */
export function SidePanel({ label, head, bar, foot, children, width }: SidePanelProps) {
  const remembered = usePreferences((state) => state.panelWidth);
  return (
    <aside
      className={classes["panel"]}
      aria-label={label}
      style={{ "--panel-width": `${(width ?? remembered) / 16}rem` }}
    >
      {width === undefined ? <Divider width={remembered} /> : null}
      <div className={classes["head"]}>{head}</div>
      {bar}
      <div className={classes["body"]} data-body>
        {children}
      </div>
      {foot ? <div className={classes["foot"]}>{foot}</div> : null}
    </aside>
  );
}

function clamp(width: number): number {
  return Math.max(NARROWEST, Math.min(WIDEST, Math.round(width)));
}

function Divider({ width }: { width: number }) {
  const { t } = useTranslation();
  const onPointerDown = useCallback((event: PointerEvent<HTMLDivElement>) => {
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    const onMove = (move: globalThis.PointerEvent) =>
      setPreference("panelWidth", clamp(window.innerWidth - move.clientX));
    const onUp = () => {
      handle.removeEventListener("pointermove", onMove);
      handle.removeEventListener("pointerup", onUp);
    };
    handle.addEventListener("pointermove", onMove);
    handle.addEventListener("pointerup", onUp);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    const change = { ArrowLeft: KEY_STEP, ArrowRight: -KEY_STEP }[event.key];
    if (change) setPreference("panelWidth", clamp(width + change));
  };
  return (
    <div
      className={classes["divider"]}
      role="separator"
      aria-orientation="vertical"
      aria-label={t("resizePanel")}
      aria-valuenow={width}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      tabIndex={0}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    />
  );
}
