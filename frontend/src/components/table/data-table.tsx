import { Checkbox } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { textScale } from "@/lib/text-scale";
import classes from "./data-table.module.css";

export interface Column<Row> {
  id: string;
  title: ReactNode;
  /** A CSS grid track: "1fr", "120px", "minmax(0, 2fr)". Pixels grow with the text. */
  width: string;
  /** The track when the table has less than 920 px; else `width`. */
  narrow?: string;
  /** Left out below 920 px (narrow) or 736 px (slim). */
  hide?: "narrow" | "slim";
  align?: "right";
  cell: (row: Row) => ReactNode;
  /** Shown in the place of the cell while the row is hovered or focused. */
  actions?: (row: Row) => ReactNode;
}

export interface Selection {
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
}

interface DataTableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  rowLabel: (row: Row) => string;
  onOpen?: (row: Row) => void;
  selection?: Selection;
}

const ROW_HEIGHT = 56;
const HEAD_HEIGHT = 38;
const BORDERS = 2;
const TICK_TRACK = "48px";
const OVERSCAN = 8;

/**
 * A table of any length: it takes the height its page has left, and only the rows in view exist.
 * One row is the tab stop; arrows move, Enter opens, Space ticks, Shift extends, Ctrl A ticks all.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, selection, label } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT * textScale(),
    overscan: OVERSCAN,
  });
  const [current, setCurrent] = useState(0);
  const wanted = useRef<number | null>(null);
  const anchor = useRef(0);
  const chosenHere = rows.filter((row) => selection?.chosen.has(props.rowId(row))).length;

  // A row far away exists only some renders after the scrolling began.
  useEffect(() => {
    if (wanted.current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus();
  });
  const focusRow = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    wanted.current = next;
    setCurrent(next);
    virtual.scrollToIndex(next);
  };
  const tickRange = (index: number) => {
    if (!selection) return;
    const first = Math.max(0, Math.min(anchor.current, index));
    const last = Math.max(anchor.current, index);
    const range = rows.slice(first, last + 1).map(props.rowId);
    selection.onChange(new Set([...selection.chosen, ...range]));
  };
  const items = virtual.getVirtualItems();
  const stop = items.some((item) => item.index === current) ? current : items[0]?.index;

  return (
    <div
      className={classes["card"]}
      data-some={chosenHere > 0}
      style={{
        ...tracksOf(columns, selection !== undefined),
        "--whole": `${HEAD_HEIGHT * textScale() + virtual.getTotalSize() + BORDERS}px`,
      }}
    >
      <div
        className={classes["scroller"]}
        ref={scroller}
        role="grid"
        aria-label={label}
        aria-rowcount={rows.length + 1}
      >
        <div role="row" aria-rowindex={1} className={classes["head"]}>
          {selection ? (
            <div role="columnheader" className={classes["tick"]}>
              <Checkbox
                aria-label={t("table.all")}
                checked={chosenHere > 0 && chosenHere === rows.length}
                indeterminate={chosenHere > 0 && chosenHere < rows.length}
                onChange={() =>
                  selection.onChange(
                    chosenHere === rows.length ? new Set() : new Set(rows.map(props.rowId)),
                  )
                }
              />
            </div>
          ) : null}
          {columns.map((column) => (
            <div
              key={column.id}
              role="columnheader"
              className={classes["title"]}
              data-align={column.align}
              data-hide={column.hide}
            >
              {column.title}
            </div>
          ))}
        </div>
        <div
          role="rowgroup"
          className={classes["rows"]}
          style={{ height: virtual.getTotalSize(), position: "relative" }}
        >
          {items.map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <TableRow
                key={props.rowId(row)}
                {...props}
                row={row}
                index={item.index}
                top={item.start}
                tabStop={item.index === stop}
                onFocus={() => setCurrent(item.index)}
                onMove={focusRow}
                onAnchor={() => {
                  anchor.current = item.index;
                }}
                onRange={tickRange}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** The grid tracks for each width of the table, as the style sheet reads them. */
function tracksOf<Row>(columns: readonly Column<Row>[], ticks: boolean) {
  const tick = ticks ? [TICK_TRACK] : [];
  const join = (kept: readonly Column<Row>[], narrow: boolean) =>
    [...tick, ...kept.map((each) => (narrow ? (each.narrow ?? each.width) : each.width))]
      .join(" ")
      .replace(/(\d+)px/g, "calc(1rem * $1 / 16)");
  return {
    "--tracks": join(columns, false),
    "--tracks-narrow": join(
      columns.filter((column) => column.hide !== "narrow"),
      true,
    ),
    "--tracks-slim": join(
      columns.filter((column) => column.hide === undefined),
      true,
    ),
  };
}

interface TableRowProps<Row> extends DataTableProps<Row> {
  row: Row;
  index: number;
  top: number;
  tabStop: boolean;
  onFocus: () => void;
  onMove: (index: number) => void;
  /** Ticking this row begins a range. */
  onAnchor: () => void;
  /** Ticks all from the row where the range began to the one at `index`. */
  onRange: (index: number) => void;
}

function TableRow<Row>(props: TableRowProps<Row>) {
  const { row, index, top, columns, selection, onOpen } = props;
  const { t } = useTranslation();
  const id = props.rowId(row);
  const chosen = selection?.chosen.has(id) ?? false;

  const toggle = () => {
    if (!selection) return;
    const next = new Set(selection.chosen);
    if (!next.delete(id)) next.add(id);
    selection.onChange(next);
    props.onAnchor();
  };
  const onKeyDown = rowKeys(props, { chosen, toggle });

  return (
    <div
      role="row"
      tabIndex={props.tabStop ? 0 : -1}
      onFocus={props.onFocus}
      aria-rowindex={index + 2}
      aria-selected={selection ? chosen : undefined}
      data-index={index}
      className={classes["row"]}
      style={{ transform: `translateY(${top}px)` }}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest("button, a, input, label")) onOpen?.(row);
      }}
    >
      {selection ? (
        <Tick
          label={t("table.one", { name: props.rowLabel(row) })}
          checked={chosen}
          onToggle={toggle}
          onRange={() => props.onRange(index)}
        />
      ) : null}
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={classes["cell"]}
          data-align={column.align}
          data-hide={column.hide}
        >
          <div className={column.actions ? classes["resting"] : undefined}>{column.cell(row)}</div>
          {column.actions ? <div className={classes["actions"]}>{column.actions(row)}</div> : null}
        </div>
      ))}
    </div>
  );
}

interface TickProps {
  label: string;
  checked: boolean;
  onToggle: () => void;
  /** A click with Shift. */
  onRange: () => void;
}

function Tick({ label, checked, onToggle, onRange }: TickProps) {
  return (
    <div role="gridcell" className={classes["tick"]}>
      <Checkbox
        aria-label={label}
        checked={checked}
        onChange={({ nativeEvent }) => {
          if (nativeEvent instanceof MouseEvent && nativeEvent.shiftKey) onRange();
          else onToggle();
        }}
        tabIndex={-1}
      />
    </div>
  );
}

/** What the keys do on a focused row; keys on something inside it are left alone. */
function rowKeys<Row>(
  props: TableRowProps<Row>,
  { chosen, toggle }: { chosen: boolean; toggle: () => void },
) {
  const { row, index, onOpen, onMove } = props;
  const move = (target: number, extend: boolean) => {
    if (extend && !chosen) props.onAnchor();
    if (extend) props.onRange(target);
    onMove(target);
  };
  const tickAll = () => props.selection?.onChange(new Set(props.rows.map(props.rowId)));
  return (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const target = rowTarget(event.key, index);
    const control = event.ctrlKey || event.metaKey;
    if (target !== null) move(target, event.shiftKey && event.key.startsWith("Arrow"));
    else if (event.key === "Enter") onOpen?.(row);
    else if (event.key === " ") toggle();
    else if (event.key === "a" && control) tickAll();
    else return;
    event.preventDefault();
  };
}

/** The row a movement key leads to from `index`; the table keeps it within its bounds. */
function rowTarget(key: string, index: number): number | null {
  switch (key) {
    case "ArrowDown":
      return index + 1;
    case "ArrowUp":
      return index - 1;
    case "Home":
      return 0;
    case "End":
      return Number.MAX_SAFE_INTEGER;
    default:
      return null;
  }
}
