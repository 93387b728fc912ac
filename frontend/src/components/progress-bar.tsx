import classes from "./progress-bar.module.css";

interface ProgressBarProps {
  /** 0 to 100. */
  value: number;
  tone?: "accent" | "warn";
  /** Its name for screen readers; without one the bar only repeats words beside it. */
  label?: string;
}

/** How far something got. */
export function ProgressBar({ value, tone = "accent", label }: ProgressBarProps) {
  const named = label
    ? ({
        role: "progressbar",
        "aria-label": label,
        "aria-valuenow": value,
        "aria-valuemin": 0,
        "aria-valuemax": 100,
      } as const)
    : ({ "aria-hidden": true } as const);
  return (
    <div className={classes["bar"]} data-tone={tone} {...named}>
      <i style={{ width: `${value}%` }} />
    </div>
  );
}
