import { TextInput } from "@mantine/core";
import { IconArrowRight, IconSearch, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { closePairsQuery } from "@/api/understanding";
import { useContent } from "@/components/content/content-context";
import { SelectionAction, SelectionBar } from "@/components/table/selection-bar";
import { textScale } from "@/lib/text-scale";
import { AddExamples, ThreeWays } from "./add-examples";
import { ClosePairs } from "./close-pairs";
import { ExampleRow } from "./example-row";
import grid from "./examples.module.css";
import { EXAMPLES, focusExamples } from "./focus";
import { MoveDialog } from "./move-dialog";
import classes from "./understanding.module.css";
import { useChangeExamples } from "./use-examples";
import { useKeptPairs } from "./use-kept-pairs";

const ROW_HEIGHT = 38;
const OVERSCAN = 10;
/** More than are seen at once are searched. */
const FINDABLE = 15;

interface ExampleGridProps {
  intent: string;
  examples: readonly string[];
}

/** The examples of an intent as rows, of any number: moved by keys, edited in place, marked, ticked, moved. */
export function ExampleGrid({ intent, examples }: ExampleGridProps) {
  const { t } = useTranslation("understanding");
  const { assistantId, readOnly } = useContent();
  const { change } = useChangeExamples(assistantId);
  const [at, setAt] = useState(0);
  /** The text that is edited, and which of its marks is open; an empty one below a row is new. */
  const [edited, setEdited] = useState<{ text: string; mark?: number } | null>(null);
  const [below, setBelow] = useState<number | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [moving, setMoving] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const close = useClose(assistantId, intent);
  const [find, setFind] = useState("");
  const shown = useMemo(() => found(examples, find), [examples, find]);
  const here = Math.min(at, shown.length - 1);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT * textScale(),
    getItemKey: (index) => shown[index] ?? index,
    overscan: OVERSCAN,
  });
  useEffect(() => {
    if (here >= 0) virtual.scrollToIndex(here);
  }, [here, virtual]);
  const chosen = () => {
    const row = shown[here];
    const all = examples.filter((text) => ticked.has(text));
    return all.length > 0 ? all : row === undefined ? [] : [row];
  };
  const remove = () => {
    const gone = chosen();
    setTicked(new Set());
    change(
      gone.map((text) => ({ was: { intent, text }, becomes: null })),
      t("removed", { count: gone.length }),
    );
  };
  const move = (other: string) => {
    const gone = chosen();
    setTicked(new Set());
    setMoving(false);
    change(
      gone.map((text) => ({ was: { intent, text }, becomes: { intent: other, text } })),
      t("moved", { count: gone.length, intent: other }),
    );
    focusExamples();
  };
  const tick = (text: string) => {
    const next = new Set(ticked);
    if (!next.delete(text)) next.add(text);
    setTicked(next);
  };
  const edit = (index: number, mark?: number) => {
    const text = shown[index];
    setAt(index);
    if (text !== undefined && !readOnly) setEdited(mark === undefined ? { text } : { text, mark });
  };
  const keys: Record<string, (() => void) | undefined> = {
    ArrowDown: () => setAt(Math.min(here + 1, shown.length - 1)),
    ArrowUp: () => setAt(Math.max(here - 1, 0)),
    Home: () => setAt(0),
    End: () => setAt(shown.length - 1),
    ...(readOnly
      ? {}
      : {
          Enter: () => edit(here),
          " ": () => tick(shown[here] ?? ""),
          m: () => setMoving(true),
          Delete: remove,
          Escape: ticked.size > 0 ? () => setTicked(new Set()) : undefined,
        }),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || event.altKey) return;
    const below = event.ctrlKey || event.metaKey;
    if (below && (event.key !== "Enter" || readOnly)) return;
    const run = below ? () => setBelow(here) : keys[event.key];
    if (!run) return;
    run();
    event.preventDefault();
    event.stopPropagation();
  };
  const done = (index: number) => {
    setEdited(null);
    setBelow(null);
    setAt(index);
    // The grid takes the focus once the field is gone.
    requestAnimationFrame(focusExamples);
  };
  return (
    <div className={grid["examples"]}>
      <ClosePairs intent={intent} />
      {examples.length > FINDABLE ? (
        <TextInput
          className={grid["find"] ?? ""}
          size="xs"
          aria-label={t("find")}
          placeholder={t("find")}
          leftSection={<IconSearch size={14} stroke={1.75} />}
          rightSection={find ? <small>{shown.length}</small> : null}
          value={find}
          onChange={(event) => setFind(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") setFind("");
            else if (event.key === "Enter" || event.key === "ArrowDown") focusExamples();
            else return;
            event.preventDefault();
          }}
        />
      ) : null}
      {examples.length === 0 ? (
        readOnly ? (
          <p className={classes["quiet"]}>{t("noExamples")}</p>
        ) : (
          <ThreeWays intent={intent} />
        )
      ) : (
        <div
          ref={scroller}
          id={EXAMPLES}
          className={grid["scroller"]}
          role="grid"
          aria-label={t("examplesOf", { intent })}
          aria-multiselectable
          aria-rowcount={shown.length}
          aria-activedescendant={edited ? undefined : `example-${here}`}
          tabIndex={0}
          onKeyDown={onKeyDown}
        >
          <div role="rowgroup" className={grid["rows"]} style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const text = shown[item.index] ?? "";
              return (
                <ExampleRow
                  key={item.key}
                  ref={virtual.measureElement}
                  index={item.index}
                  top={item.start}
                  intent={intent}
                  text={text}
                  examples={examples}
                  active={item.index === here}
                  ticked={ticked.has(text)}
                  close={close.get(text)}
                  edited={edited?.text === text ? edited : null}
                  adding={below === item.index}
                  onTick={() => tick(text)}
                  onEdit={(mark) => edit(item.index, mark)}
                  onBelow={() => {
                    setEdited(null);
                    setBelow(item.index);
                  }}
                  onDone={(by) => done(item.index + by)}
                />
              );
            })}
          </div>
        </div>
      )}
      <SelectionBar count={ticked.size} onClear={() => setTicked(new Set())}>
        <SelectionAction
          icon={<IconArrowRight size={18} stroke={1.75} />}
          label={t("move")}
          onClick={() => setMoving(true)}
        />
        <SelectionAction
          icon={<IconTrash size={18} stroke={1.75} />}
          label={t("remove")}
          onClick={remove}
        />
      </SelectionBar>
      {readOnly ? null : <AddExamples intent={intent} examples={examples} />}
      {moving ? (
        <MoveDialog
          intent={intent}
          count={chosen().length}
          onMove={move}
          onClose={() => setMoving(false)}
        />
      ) : null}
    </div>
  );
}

/** Those that hold every word, in what is said or in a mark. */
function found(examples: readonly string[], find: string): readonly string[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return examples;
  return examples.filter((text) => words.every((word) => text.toLowerCase().includes(word)));
}

/** The other intent that each example is close to. */
function useClose(assistantId: string, intent: string): ReadonlyMap<string, string> {
  const pairs = useQuery(closePairsQuery(assistantId)).data ?? [];
  const { isKept } = useKeptPairs(assistantId);
  const close = new Map<string, string>();
  for (const pair of pairs) {
    if (isKept(pair)) continue;
    const { here, there } = pair;
    if (here.intent === intent) close.set(here.text, there.intent);
    if (there.intent === intent) close.set(there.text, here.intent);
  }
  return close;
}
