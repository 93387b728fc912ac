import { IconAlertTriangle, IconCloudCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { SaveState } from "@/api/autosave";
import { formatClock } from "@/lib/relative-time";
import classes from "./saved-state.module.css";
import { usePending, useSavedAt, useUnsent } from "./saving";

/** Whether what stands in an editor is on the server. */
export function SavedState({ save }: { save: SaveState }) {
  const { t, i18n } = useTranslation("content");
  const { status, savedAt, error } = save;
  const bad = error !== null || status === "conflict";
  const time = savedAt ? formatClock(new Date(savedAt), i18n.language) : "";
  const Sign = bad ? IconAlertTriangle : IconCloudCheck;
  return (
    <span
      className={classes["saved"]}
      data-bad={bad}
      role={bad ? "alert" : undefined}
      aria-busy={status !== "saved"}
      title={error?.message}
    >
      <Sign size={16} stroke={1.75} aria-hidden="true" />
      {bad ? t("notSaved") : t("saved", { time })}
    </span>
  );
}

/** The same of all that was edited in this visit; nothing before the first edit. */
export function SavedHere() {
  const { t, i18n } = useTranslation("content");
  const savedAt = useSavedAt();
  const bad = useUnsent();
  const pending = usePending();
  if (savedAt === null && !bad) return null;
  const time = savedAt ? formatClock(new Date(savedAt), i18n.language) : "";
  const Sign = bad ? IconAlertTriangle : IconCloudCheck;
  return (
    <span
      className={classes["saved"]}
      data-bad={bad}
      role={bad ? "alert" : undefined}
      aria-busy={pending}
    >
      <Sign size={16} stroke={1.75} aria-hidden="true" />
      {bad ? t("notSaved") : t("saved", { time })}
    </span>
  );
}
