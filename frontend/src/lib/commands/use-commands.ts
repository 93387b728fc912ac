import { useEffect, useLayoutEffect, useRef } from "react";
import { usePreferences } from "@/lib/preferences";
import type { Keystroke } from "./key-match";
import { strokeOf } from "./key-match";
import { type Command, type CommandLevel, matchCommand, registerCommands } from "./registry";

/** Offers commands while the component is on the page; labels and handlers may change with each render. */
export function useCommands(commands: readonly Command[], level: CommandLevel = "page"): void {
  const latest = useRef(commands);
  // Before the page is painted: a key that answers to what is seen must not find the handler of before.
  useLayoutEffect(() => {
    latest.current = commands;
  });
  const shape = JSON.stringify(commands.map(({ run, ...rest }) => rest));
  // The registry is told again only when something visible changes; `run` always calls the newest handler.
  useEffect(() => {
    const visible = JSON.parse(shape) as Omit<Command, "run">[];
    return registerCommands(
      visible.map((command, index) => ({ ...command, run: () => latest.current[index]?.run() })),
      level,
    );
  }, [shape, level]);
}

const SEQUENCE_PAUSE_MS = 900;

/** Listens for the keys of all registered commands. Mounted once, by the shell. */
export function useCommandKeys(): void {
  useEffect(() => {
    let pressed: Keystroke[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (
        event.defaultPrevented ||
        event.isComposing ||
        ["Control", "Shift", "Alt", "Meta"].includes(event.key)
      )
        return;
      const situation = {
        typing: isTextField(event.target) && !(isReadOnly(event.target) && withControl(event)),
        singleKeys: usePreferences.getState().singleKeys,
      };
      clearTimeout(timer);
      pressed = [...pressed, strokeOf(event)];
      let match = matchCommand(pressed, situation);
      if (match.kind === "none" && pressed.length > 1) {
        pressed = pressed.slice(-1);
        match = matchCommand(pressed, situation);
      }
      if (match.kind === "prefix") {
        timer = setTimeout(() => {
          pressed = [];
        }, SEQUENCE_PAUSE_MS);
        return;
      }
      pressed = [];
      if (match.kind === "run") {
        event.preventDefault();
        match.command.run();
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("keydown", onKeyDown);
    };
  }, []);
}

/** What is only shown, or chosen from a list: Ctrl Z has nothing of its own to take back there. */
function isReadOnly(target: EventTarget | null): boolean {
  return (
    (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) && target.readOnly
  );
}

const withControl = (event: KeyboardEvent) => event.ctrlKey || event.metaKey;

export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !["checkbox", "radio", "button", "submit", "range", "file"].includes(target.type)
  );
}
