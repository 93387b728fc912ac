import { Skeleton } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./state-views.module.css";

const QUIET_MS = 300;

/** Shows nothing for the first 300 ms: most things are there by then, and a flash is worse than a pause. */
export function AfterPause({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  return shown ? children : null;
}

const WIDTHS = [132, 96, 150, 118, 140, 108];

/** The list that is about to come, without its data. */
export function ListSkeleton({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <AfterPause>
      <div className={classes["list"]} role="status" aria-label={t("loading")}>
        {Array.from({ length: rows }, (_, row) => {
          const width = WIDTHS[row % WIDTHS.length] ?? 120;
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: grey bars have no identity and never move
            <div key={row} className={classes["line"]}>
              <Skeleton width={18} height={18} animate={false} />
              <div className={classes["grow"]}>
                <Skeleton width={width} height={12} animate={false} />
                <Skeleton width={width + 100} height={10} animate={false} />
              </div>
              <Skeleton width={58} height={20} radius="xl" animate={false} />
            </div>
          );
        })}
      </div>
    </AfterPause>
  );
}
