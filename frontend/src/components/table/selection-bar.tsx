import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./selection-bar.module.css";

interface SelectionBarProps {
  count: number;
  onClear: () => void;
  children: ReactNode;
}

/** The dark bar with what can be done to all ticked rows. */
export function SelectionBar({ count, onClear, children }: SelectionBarProps) {
  const { t } = useTranslation();
  if (count === 0) return null;
  return (
    <div className={classes["bar"]} role="toolbar" aria-label={t("table.selected", { count })}>
      <b className={classes["count"]}>{t("table.selected", { count })}</b>
      {children}
      <button
        type="button"
        className={classes["action"]}
        aria-label={t("table.clear")}
        onClick={onClear}
      >
        <IconX size={18} stroke={1.75} />
      </button>
    </div>
  );
}

export function SelectionAction({
  icon,
  label,
  onClick,
}: {
  icon: ReactNode;
  label: string;
  onClick: () => void;
}) {
  return (
    <button type="button" className={classes["action"]} onClick={onClick}>
      {icon}
      {label}
    </button>
  );
}
