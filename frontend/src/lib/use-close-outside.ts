import { useEffect, useRef } from "react";

/**
 * Closes a popover by a click outside of it. The choices of a field in it are drawn outside, too, as everything that
 * floats is; a click there is meant for the field. The button that opened it closes it by itself.
 */
export function useCloseOutside(opened: boolean, onClose: () => void): void {
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (!opened) return;
    const onPress = ({ target }: MouseEvent) => {
      const floats = '[data-portal], [aria-expanded="true"]';
      if (target instanceof Element && !target.closest(floats)) close.current();
    };
    document.addEventListener("mousedown", onPress);
    return () => document.removeEventListener("mousedown", onPress);
  }, [opened]);
}
