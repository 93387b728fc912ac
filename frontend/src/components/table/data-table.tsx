import { Checkbox } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./data-table.module.css";

export interface Column<Row> {
  id: string;
  title: ReactNode;
  /** A CSS grid track: "1fr", "120px", "minmax(0, 2fr)". */
  width: string;
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
  /** Height of the scrolling area; rows outside are not in the page. */
  maxHeight?: string;
}

const ROW_HEIGHT = 56;
const OVERSCAN = 8;

/** A table of any length: only the rows in view exist. Arrows move, Enter opens, Space ticks. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, selection, label, maxHeight = "100%" } = props;
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  });
  const tracks = [...(selection ? ["58px"] : []), ...columns.map((column) => column.width)].join(
    " ",
  );
  const chosenHere = rows.filter((row) => selection?.chosen.has(props.rowId(row))).length;

  const focusRow = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    virtual.scrollToIndex(next);
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus(),
    );
  };

  return (
    <div className={classes["card"]} style={{ "--tracks": tracks, maxHeight }}>
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
            >
              {column.title}
            </div>
          ))}
        </div>
        <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            return row === undefined ? null : (
              <TableRow
                key={props.rowId(row)}
                {...props}
                row={row}
                index={item.index}
                top={item.start}
                onMove={focusRow}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface TableRowProps<Row> extends DataTableProps<Row> {
  row: Row;
  index: number;
  top: number;
  onMove: (index: number) => void;
}

function TableRow<Row>(props: TableRowProps<Row>) {
  const { row, index, top, columns, selection, onOpen, onMove } = props;
  const { t } = useTranslation();
  const id = props.rowId(row);
  const chosen = selection?.chosen.has(id) ?? false;

  const toggle = () => {
    if (!selection) return;
    const next = new Set(selection.chosen);
    if (!next.delete(id)) next.add(id);
    selection.onChange(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const target = rowTarget(event.key, index);
    if (target !== null) {
      if (event.shiftKey && event.key.startsWith("Arrow")) toggle();
      onMove(target);
    } else if (event.key === "Enter") onOpen?.(row);
    else if (event.key === " ") toggle();
    else return;
    event.preventDefault();
  };

  return (
    <div
      role="row"
      tabIndex={0}
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
        <div role="gridcell" className={classes["tick"]}>
          <Checkbox
            aria-label={t("table.one", { name: props.rowLabel(row) })}
            checked={chosen}
            onChange={toggle}
            tabIndex={-1}
          />
        </div>
      ) : null}
      {columns.map((column) => (
        <div key={column.id} role="gridcell" className={classes["cell"]} data-align={column.align}>
          <div className={column.actions ? classes["resting"] : undefined}>{column.cell(row)}</div>
          {column.actions ? <div className={classes["actions"]}>{column.actions(row)}</div> : null}
        </div>
      ))}
    </div>
  );
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
