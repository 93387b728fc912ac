import { type RefObject, useEffect, useRef } from "react";

/** Id of the side panel, so that what adds a step can lead into it. */
export const STEP_PANEL = "step-panel";

/** After adding a step one goes on writing: the first field of its panel has the focus. */
export function focusFirstField(): void {
  // The panel is drawn after the selection.
  requestAnimationFrame(() =>
    document
      .querySelector<HTMLElement>(`#${STEP_PANEL} [data-body] :is(input, textarea, button)`)
      ?.focus(),
  );
}

/** Closing the panel, by any way, gives a focus that was in it back to its card, or to its row in the outline. */
export function useFocusBack(stage: RefObject<HTMLElement | null>, selected: string | null): void {
  const last = useRef<string | null>(null);
  useEffect(() => {
    const closed = last.current;
    last.current = selected;
    if (selected !== null || closed === null) return;
    // A step that was deleted is gone from the canvas only after its panel.
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body) return;
      const card = stage.current?.querySelector<HTMLElement>(`[data-card="${CSS.escape(closed)}"]`);
      const stop = ':is([data-card], [role="treeitem"])[tabindex="0"]';
      const place = card ?? stage.current?.querySelector<HTMLElement>(stop);
      place?.focus({ preventScroll: true });
    });
  }, [stage, selected]);
}
