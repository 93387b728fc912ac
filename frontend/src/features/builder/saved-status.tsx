import { IconAlertTriangle, IconCloudCheck, IconLoader2 } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useConflicts, usePending, useSavedAt, useUnsent } from "@/components/content/saving";
import { formatClock } from "@/lib/relative-time";
import classes from "./builder-page.module.css";
import { useSaveState } from "./use-save-state";

const SLOW_MS = 1000;

/** "Saved 10:42" of the flow and of words and slots written beside it; "Saving" only after a second. */
export function SavedStatus() {
  const { t, i18n } = useTranslation("builder");
  const opened = useSaveState().savedAt;
  const changed = useSavedAt();
  const unsent = useUnsent();
  const pending = usePending();
  const clashes = useConflicts().length > 0;
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    if (!pending) {
      setSlow(false);
      return;
    }
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, [pending]);
  const savedAt = changed !== null && (opened === null || changed > opened) ? changed : opened;
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
