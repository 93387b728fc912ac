import { notifications } from "@mantine/notifications";
import { IconAlertCircle, IconCircleCheck, IconLoader2 } from "@tabler/icons-react";
import { isApiError } from "@/api/errors";
import { onAnswering } from "@/api/outage";
import { i18n } from "@/i18n/i18n";
import { remember, takeBack, useUndo } from "@/lib/undo";
import classes from "./toast.module.css";

const STAY_MS = 8000;

interface ToastOptions {
  /** Offered as "Undo" with its key: how, or the edit of the page that is remembered already. */
  undo?: (() => void) | number;
  /** What was changed: the newest toast about it takes the place of the one before. */
  about?: string;
  action?: { label: string; run: () => void };
}

let count = 0;

/** An edit is taken back with all that came after it: only the newest of a page can be by itself. */
const PAGE = "page";
/** The newest toast about something. */
const newest = new Map<string, string>();
/** What each toast offers to take back. */
const offered = new Map<string, number>();

function show(
  message: string,
  kind: "done" | "busy" | "failed",
  { undo, about = typeof undo === "number" ? PAGE : undefined, action }: ToastOptions,
): string {
  count += 1;
  const id = `toast-${count}`;
  if (about !== undefined) takePlace(id, about);
  const remembered = undo === undefined || typeof undo === "number" ? undo : remember(undo);
  if (remembered !== undefined) offered.set(id, remembered);
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
        {remembered !== undefined ? (
          <button type="button" className={classes["action"]} onClick={() => takeBack(remembered)}>
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

/** What the toast before offers stays in the history, where Ctrl Z finds it. */
function takePlace(id: string, about: string): void {
  const before = newest.get(about);
  if (before !== undefined) notifications.hide(before);
  newest.set(about, id);
}

/** A toast goes with what it offers: taken back by whichever way, or forgotten with its page. */
useUndo.subscribe(({ past }) => {
  for (const [id, remembered] of offered) {
    if (past.some((entry) => entry.id === remembered)) continue;
    offered.delete(id);
    notifications.hide(id);
  }
});

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
