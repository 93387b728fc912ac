import { IconGripVertical } from "@tabler/icons-react";
import { type DragEvent, useState } from "react";
import classes from "./drag-handle.module.css";

/** Rows that are put in order by dragging. Give `row` to each row and `handle` to its handle. */
export function useDragOrder(onMove: (from: number, to: number) => void) {
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  return {
    row: (index: number) => ({
      "data-drop": dragged !== null && over === index && dragged !== index,
      onDragOver: (event: DragEvent) => {
        if (dragged === null) return;
        event.preventDefault();
        setOver(index);
      },
      onDrop: (event: DragEvent) => {
        event.preventDefault();
        if (dragged !== null && dragged !== index) onMove(dragged, index);
        setDragged(null);
        setOver(null);
      },
    }),
    handle: (index: number) => ({
      draggable: true,
      onDragStart: (event: DragEvent) => {
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", "");
        setDragged(index);
      },
      onDragEnd: () => {
        setDragged(null);
        setOver(null);
      },
    }),
  };
}

/** Only for the mouse: keys move the row from its field. */
export function DragHandle(props: ReturnType<ReturnType<typeof useDragOrder>["handle"]>) {
  return (
    <span className={classes["handle"]} aria-hidden="true" {...props}>
      <IconGripVertical size={16} stroke={1.75} />
    </span>
  );
}
