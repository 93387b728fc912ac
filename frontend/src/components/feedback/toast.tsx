import { notifications } from "@mantine/notifications";
import { IconAlertCircle, IconCircleCheck, IconLoader2 } from "@tabler/icons-react";
import { create } from "zustand";
import { i18n } from "@/i18n/i18n";
import classes from "./toast.module.css";

const STAY_MS = 8000;

interface UndoState {
  /** Newest last. Kept after the toast is gone, so that Ctrl Z still finds it. */
  entries: { id: string; undo: () => void }[];
}

const useUndo = create<UndoState>(() => ({ entries: [] }));

/** Takes back the newest thing a toast offered to undo; false when there is none. */
export function undoNewest(): boolean {
  const entry = useUndo.getState().entries.at(-1);
  if (!entry) return false;
  takeBack(entry.id);
  return true;
}

function takeBack(id: string): void {
  const entry = useUndo.getState().entries.find((each) => each.id === id);
  useUndo.setState(({ entries }) => ({ entries: entries.filter((each) => each.id !== id) }));
  notifications.hide(id);
  entry?.undo();
}

interface ToastOptions {
  /** Offered as "Undo" with its key. */
  undo?: () => void;
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
  if (undo) useUndo.setState(({ entries }) => ({ entries: [...entries.slice(-19), { id, undo }] }));
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
        {undo ? (
          <button type="button" className={classes["action"]} onClick={() => takeBack(id)}>
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

/** Short messages at the bottom of the page: done (8 seconds), busy (until hidden), failed (until closed). */
export const toast = {
  done: (message: string, options: ToastOptions = {}) => show(message, "done", options),
  busy: (message: string, options: ToastOptions = {}) => show(message, "busy", options),
  failed: (message: string, options: ToastOptions = {}) => show(message, "failed", options),
  hide: (id: string) => notifications.hide(id),
};
