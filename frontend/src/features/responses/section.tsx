import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useContent } from "@/components/content/content-context";
import classes from "./responses.module.css";

export function Section({
  icon,
  title,
  action,
}: {
  icon: ReactNode;
  title: string;
  action?: ReactNode;
}) {
  return (
    <div className={classes["section"]}>
      <span aria-hidden="true">{icon}</span>
      <h3>{title}</h3>
      {action}
    </div>
  );
}

/** A quiet button that adds something to a section. */
export function AddButton({ label, onClick }: { label: string; onClick: () => void }) {
  const { readOnly } = useContent();
  if (readOnly) return null;
  return (
    <Button variant="transparent" size="compact-xs" onClick={onClick}>
      {label}
    </Button>
  );
}
