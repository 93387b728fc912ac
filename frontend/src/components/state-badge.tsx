import { Badge } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./state-badge.module.css";

export type Tone = "ok" | "warn" | "err" | "info" | "accent" | "neutral" | "outline";

interface StateBadgeProps {
  tone: Tone;
  icon?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A pill in plain words; an icon of 14 where it tells a state, so that colour never speaks alone. */
export function StateBadge({ tone, icon, children, className }: StateBadgeProps) {
  return (
    <Badge
      className={`${classes["badge"]} ${className ?? ""}`}
      data-tone={tone}
      leftSection={icon}
      variant="light"
      component="span"
    >
      {children}
    </Badge>
  );
}

export function StateDot({ tone }: { tone: Tone }) {
  return <span className={classes["dot"]} data-tone={tone} aria-hidden="true" />;
}
