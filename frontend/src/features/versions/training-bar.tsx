import classes from "./versions.module.css";

export function TrainingBar({ progress, label }: { progress: number; label: string }) {
  return (
    <div
      className={classes["bar"]}
      role="progressbar"
      aria-label={label}
      aria-valuenow={progress}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <i style={{ width: `${progress}%` }} />
    </div>
  );
}
