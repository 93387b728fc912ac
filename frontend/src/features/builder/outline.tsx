import {
  IconAlertCircle,
  IconAlertTriangle,
  IconChevronDown,
  IconChevronRight,
} from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Mark } from "@/components/flow-canvas/canvas-state";
import { ownTitle } from "@/components/flow-canvas/card-texts";
import { StateBadge } from "@/components/state-badge";
import { CARD_TILE } from "@/components/steps/step-kinds";
import { StepTile } from "@/components/steps/step-tile";
import { kindOf } from "@/flow-core/model";
import { indexFlow } from "@/flow-core/walk";
import { textScale } from "@/lib/text-scale";
import { useBuilder, useDocument } from "./builder-context";
import classes from "./outline.module.css";
import { type OutlineRow, outlineRows } from "./outline-rows";

interface OutlineProps {
  marks: ReadonlyMap<string, Mark>;
  /** Row of the selection. */
  selected: string | null;
}

const ROW_HEIGHT = 35;
const INDENT = 26;

/** The same flow as a tree for keyboards and screen readers; it selects and edits the same model. */
export function Outline({ marks, selected }: OutlineProps) {
  const { t } = useTranslation("builder");
  const document = useDocument();
  const { select } = useBuilder();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<string | null>(null);
  const rows = useMemo(() => outlineRows(document, closed), [document, closed]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT * textScale(),
    overscan: 12,
  });
  const current = rows.findIndex((row) => row.id === (active ?? selected ?? rows[0]?.id));

  const toggle = (row: OutlineRow, open: boolean) => {
    const next = new Set(closed);
    if (open) next.delete(row.id);
    else next.add(row.id);
    setClosed(next);
  };
  const focus = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    setActive(row.id);
    virtual.scrollToIndex(rows.indexOf(row));
    requestAnimationFrame(() =>
      scroller.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.id)}"]`)?.focus(),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[current];
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    const handled = treeKey(event.key, {
      row,
      rows,
      current,
      focus,
      toggle,
      open: () => row.selection && select(row.selection),
    });
    if (handled) event.preventDefault();
  };
  return (
    <div className={classes["scroller"]} ref={scroller}>
      <div
        role="tree"
        aria-label={t("outline")}
        onKeyDown={onKeyDown}
        style={{ height: virtual.getTotalSize(), position: "relative" }}
      >
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          return row ? (
            <Row
              key={row.id}
              row={row}
              top={item.start}
              selected={row.id === selected}
              focusable={item.index === Math.max(0, current)}
              mark={marks.get(row.card)}
              onToggle={(open) => toggle(row, open)}
              onChoose={() => {
                setActive(row.id);
                if (row.selection) select(row.selection);
              }}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}

interface TreeMove {
  row: OutlineRow;
  rows: readonly OutlineRow[];
  current: number;
  focus: (index: number) => void;
  toggle: (row: OutlineRow, open: boolean) => void;
  open: () => void;
}

/** The keys of a tree as ARIA describes them. */
function treeKey(key: string, { row, rows, current, focus, toggle, open }: TreeMove): boolean {
  switch (key) {
    case "ArrowDown":
      focus(current + 1);
      return true;
    case "ArrowUp":
      focus(current - 1);
      return true;
    case "Home":
      focus(0);
      return true;
    case "End":
      focus(rows.length - 1);
      return true;
    case "ArrowRight":
      if (row.expanded === false) toggle(row, true);
      else if (row.expanded) focus(current + 1);
      return true;
    case "ArrowLeft":
      if (row.expanded) toggle(row, false);
      else focus(rows.findLastIndex((each, index) => index < current && each.level < row.level));
      return true;
    case "Enter":
    case " ":
      open();
      return true;
    default:
      return false;
  }
}

interface RowProps {
  row: OutlineRow;
  top: number;
  selected: boolean;
  focusable: boolean;
  mark: Mark | undefined;
  onToggle: (open: boolean) => void;
  onChoose: () => void;
}

function Row({ row, top, selected, focusable, mark, onToggle, onChoose }: RowProps) {
  const { t } = useTranslation(["builder", "canvas"]);
  const title = useRowTexts(row);
  const Chevron = row.expanded ? IconChevronDown : IconChevronRight;
  const errors = mark?.errors ?? 0;
  const warnings = mark?.warnings ?? 0;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree above handles all keys of its rows
    <div
      role="treeitem"
      tabIndex={focusable ? 0 : -1}
      aria-level={row.level}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-selected={selected}
      aria-expanded={row.expanded}
      data-row={row.id}
      className={classes["row"]}
      style={{ transform: `translateY(${top}px)`, paddingLeft: 12 + (row.level - 1) * INDENT }}
      onClick={onChoose}
    >
      {Array.from({ length: row.level - 1 }, (_, level) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: guide lines are told apart by their level only
        <span key={level} className={classes["guide"]} style={{ left: 22 + level * INDENT }} />
      ))}
      {row.expanded === undefined ? (
        <span className={classes["chevron"]} />
      ) : (
        <button
          type="button"
          tabIndex={-1}
          className={classes["chevron"]}
          aria-label={t(row.expanded ? "closeBranch" : "openBranch")}
          onClick={(event) => {
            event.stopPropagation();
            onToggle(!row.expanded);
          }}
        >
          <Chevron size={16} stroke={1.75} />
        </button>
      )}
      {row.kind === "branch" ? null : (
        <span className="visually-hidden">{t(`canvas:kinds.${row.kind}`)}: </span>
      )}
      {row.kind === "branch" ? (
        <span className={classes["chip"]} data-role={row.role}>
          {title.title}
        </span>
      ) : (
        <>
          <StepTile kind={row.kind} size={Math.min(24, CARD_TILE[row.kind])} />
          <b className={classes["title"]}>{title.title}</b>
          <span className={classes["subtitle"]}>{title.subtitle}</span>
        </>
      )}
      {errors > 0 ? (
        <StateBadge tone="err" icon={<IconAlertCircle size={14} />}>
          {t("canvas:problems", { count: errors })}
        </StateBadge>
      ) : warnings > 0 ? (
        <StateBadge tone="warn" icon={<IconAlertTriangle size={14} />}>
          {t("canvas:problems", { count: warnings })}
        </StateBadge>
      ) : null}
    </div>
  );
}

function useRowTexts(row: OutlineRow): { title: string; subtitle?: string } {
  const { t } = useTranslation(["builder", "canvas"]);
  const { texts } = useBuilder();
  const document = useDocument();
  const step = row.step === null ? undefined : indexFlow(document).byKey.get(row.step)?.step;
  if (row.kind === "start" || !step) return { title: texts.flowTitle };
  if (row.kind === "branch") {
    const branch = step.next.kind === "branches" ? step.next.branches[row.branch ?? 0] : undefined;
    return { title: branch ? texts.branch(branch) : "" };
  }
  if (row.kind === "connect") {
    return { title: texts.jump(step.key, row.target ?? ""), subtitle: t("canvas:kinds.connect") };
  }
  if (row.kind === "logic") {
    const count = step.next.kind === "branches" ? step.next.branches.length : 0;
    const own = kindOf(step) === "noop" ? texts.step(step).title : ownTitle(step, "logic_title");
    return { title: own || t("canvas:kinds.logic"), subtitle: t("branchCount", { count }) };
  }
  return texts.step(step);
}
