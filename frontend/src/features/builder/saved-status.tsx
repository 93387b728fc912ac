import { IconAlertTriangle, IconCloudCheck, IconLoader2 } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatClock } from "@/lib/relative-time";
import classes from "./builder-page.module.css";
import { useConflicts, usePending, useUnsent } from "./saving";
import { useSaveState } from "./use-save-state";

const SLOW_MS = 1000;

/** "Saved 10:42"; "Saving" only when it takes longer than a second. */
export function SavedStatus() {
  const { t, i18n } = useTranslation("builder");
  const { status, savedAt } = useSaveState();
  const unsent = useUnsent();
  const pending = usePending();
  const clashes = useConflicts().length > 0;
  const [slow, setSlow] = useState(false);
  const busy = status === "saving" || status === "waiting";
  useEffect(() => {
    if (!busy) {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [busy]);
  const time = savedAt ? formatClock(new Date(savedAt), i18n.language) : "";
  if (unsent || clashes) {
    return (
      <span className={classes["saved"]} data-bad="true" role="alert" aria-busy={pending}>
        <IconAlertTriangle size={16} stroke={1.75} aria-hidden="true" />
        {t(clashes ? "conflict.short" : "notSaved")}
      </span>
    );
  }
  return (
    <span className={classes["saved"]} title={t("saved", { time })} aria-busy={pending}>
      {slow ? (
        <IconLoader2 size={16} stroke={1.75} aria-hidden="true" />
      ) : (
        <IconCloudCheck size={16} stroke={1.75} aria-hidden="true" />
      )}
      <span className={classes["savedText"]}>{slow ? t("saving") : t("saved", { time })}</span>
    </span>
  );
}
