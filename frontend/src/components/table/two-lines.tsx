import type { ReactNode } from "react";
import classes from "./two-lines.module.css";

/** The first column of a table: the name, and below it a second line. */
export function TwoLines({
  name,
  second,
  after,
}: {
  name: ReactNode;
  second?: ReactNode;
  after?: ReactNode;
}) {
  return (
    <div className={classes["two"]}>
      <div className={classes["name"]}>
        <span>{name}</span>
        {after}
      </div>
      {second ? <div className={classes["second"]}>{second}</div> : null}
    </div>
  );
}
