import { notifications } from "@mantine/notifications";
import { IconAlertCircle, IconCircleCheck, IconLoader2 } from "@tabler/icons-react";
import { isApiError } from "@/api/errors";
import { onAnswering } from "@/api/outage";
import { i18n } from "@/i18n/i18n";
import { remember, takeBack } from "@/lib/undo";
import classes from "./toast.module.css";

const STAY_MS = 8000;

interface ToastOptions {
  /** Offered as "Undo" with its key: how, or what is remembered already. */
  undo?: (() => void) | number;
  action?: { label: string; run: () => void };
}

let count = 0;

function show(
  message: string,
  kind: "done" | "busy" | "failed",
  { undo, action }: ToastOptions,
): string {
  count += 1;
  const id = `toast-${count}`;
  const remembered = undo === undefined ? null : rememberOf(id, undo);
  const Icon = { done: IconCircleCheck, busy: IconLoader2, failed: IconAlertCircle }[kind];
  notifications.show({
    id,
    autoClose: kind === "done" ? STAY_MS : false,
    withCloseButton: kind === "failed",
    closeButtonProps: { "aria-label": i18n.t("close") },
    withBorder: false,
    icon: <Icon size={18} stroke={1.75} />,
    classNames: {
      root: classes["toast"],
      icon: classes["icon"],
      description: classes["text"],
      closeButton: classes["close"],
    },
    "data-kind": kind,
    role: kind === "failed" ? "alert" : "status",
    message: (
      <span className={classes["line"]}>
        <span className={classes["message"]}>{message}</span>
        {remembered !== null ? (
          <button
            type="button"
            className={classes["action"]}
            onClick={() => {
              notifications.hide(id);
              takeBack(remembered);
            }}
          >
            {i18n.t("undo")}
            <kbd>Ctrl Z</kbd>
          </button>
        ) : null}
        {action ? (
          <button
            type="button"
            className={classes["action"]}
            onClick={() => {
              notifications.hide(id);
              action.run();
            }}
          >
            {action.label}
          </button>
        ) : null}
      </span>
    ),
  });
  return id;
}

/** Kept after the toast is gone, so that Ctrl Z still finds it. */
function rememberOf(toast: string, undo: (() => void) | number): number {
  if (typeof undo === "number") return undo;
  return remember(() => {
    notifications.hide(toast);
    undo();
  });
}

let unanswered: string | undefined;

/** One message for all that a server which is away did not do; it goes when the server is back. */
function notDone(): string {
  if (unanswered) notifications.hide(unanswered);
  unanswered = show(i18n.t("notDone"), "failed", {});
  return unanswered;
}

onAnswering(() => {
  if (unanswered) notifications.hide(unanswered);
  unanswered = undefined;
});

/**
 * Short messages at the bottom of the page: done (8 seconds), busy (until hidden), failed (until closed).
 * Say what is done as soon as the server has done it, before lists are asked for anew: who sees it gone from a list
 * may press Ctrl Z at once.
 */
export const toast = {
  done: (message: string, options: ToastOptions = {}) => show(message, "done", options),
  busy: (message: string, options: ToastOptions = {}) => show(message, "busy", options),
  failed: (message: string, options: ToastOptions = {}) => show(message, "failed", options),
  /** What somebody asked for was refused, or could not be sent. */
  refused: (error: unknown) => {
    if (isApiError(error, "offline")) return notDone();
    return show(error instanceof Error ? error.message : String(error), "failed", {});
  },
  hide: (id: string) => notifications.hide(id),
};
