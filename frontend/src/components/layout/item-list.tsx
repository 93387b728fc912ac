import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { textScale } from "@/lib/text-scale";
import classes from "./item-list.module.css";

interface ItemListProps<Row> {
  label: string;
  rows: readonly Row[];
  rowId: (row: Row) => string;
  /** Of a row in one line; without it rows have two. */
  rowHeight?: number;
  /** Id of the open row. */
  chosen: string | undefined;
  /** A click or an arrow key: the row is shown, and the focus stays in the list. */
  onChoose: (row: Row) => void;
  /** Enter: the focus goes on to what is shown. */
  onEnter?: (row: Row) => void;
  /** Rows are being ticked, by click, Space or Shift; one may still be open. */
  ticked?: ReadonlySet<string>;
  onTick?: (ticked: ReadonlySet<string>) => void;
  /** The last row is in view: there may be more to ask for. */
  onEnd?: () => void;
  children: (row: Row) => ReactNode;
}

const ROW_HEIGHT = 57;
const OVERSCAN = 8;

/** Rows to choose from, of any number: only those in view exist. The list is one tab stop; arrows choose. */
export function ItemList<Row>(props: ItemListProps<Row>) {
  const { label, rows, rowId, chosen, onChoose, ticked, onTick, onEnd, children } = props;
  const height = props.rowHeight ?? ROW_HEIGHT;
  const anchor = useRef(0);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height * textScale(),
    overscan: OVERSCAN,
  });
  const at = rows.findIndex((row) => rowId(row) === chosen);
  // The list opens where the chosen one stands; later changes of the rows do not move it.
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
  }, [at, virtual]);
  const items = virtual.getVirtualItems();
  const atEnd = items.at(-1)?.index === rows.length - 1;
  useEffect(() => {
    if (atEnd) onEnd?.();
  }, [atEnd, onEnd]);
  const tick = (index: number, range: boolean) => {
    const from = range ? Math.min(anchor.current, index) : index;
    const ids = rows.slice(from, (range ? Math.max(anchor.current, index) : index) + 1).map(rowId);
    anchor.current = index;
    const next = new Set(ticked);
    const [first] = ids;
    if (!range && first !== undefined && next.delete(first)) onTick?.(next);
    else onTick?.(new Set([...next, ...ids]));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    if (event.key === " " && ticked && row !== undefined) tick(at, event.shiftKey);
    else if (event.key === "Enter" && row !== undefined) props.onEnter?.(row);
    else {
      const target = targetOf(event.key, at, rows.length);
      const next = target === null ? undefined : rows[target];
      if (next === undefined) return;
      onChoose(next);
    }
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      className={classes["scroller"]}
      role="listbox"
      aria-multiselectable={ticked !== undefined}
      aria-label={label}
      aria-activedescendant={
        items.some(({ index }) => index === at) ? optionId(label, at) : undefined
      }
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div
        className={classes["rows"]}
        role="presentation"
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          return row === undefined ? null : (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
            <div
              key={rowId(row)}
              id={optionId(label, item.index)}
              role="option"
              aria-selected={ticked ? ticked.has(rowId(row)) : item.index === at}
              data-open={item.index === at}
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              className={classes["row"]}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              onClick={(event) => (ticked ? tick(item.index, event.shiftKey) : onChoose(row))}
            >
              {children(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function optionId(label: string, index: number): string {
  return `${label.replaceAll(/\W+/g, "-")}-${index}`;
}

function targetOf(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return Math.min(at + 1, count - 1);
    case "ArrowUp":
      return Math.max(at - 1, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
