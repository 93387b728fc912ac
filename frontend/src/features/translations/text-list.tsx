import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { textScale } from "@/lib/text-scale";
import { ItemHead } from "./item-head";
import classes from "./text-list.module.css";
import { TextRow } from "./text-row";
import type { Line } from "./view";

interface TextListProps {
  assistantId: string;
  /** Code and name of the language that is translated to, and of the assistant's own. */
  language: { code: string; name: string };
  own: { code: string; name: string };
  lines: readonly Line[];
  /** Id of the text that has, or is to have, the focus. */
  chosen: string | undefined;
  onChoose: (id: string) => void;
  /** On to the next one to do. */
  onNext: () => void;
}

const HEAD = 40;
const TEXT = 56;
const OVERSCAN = 6;

/** Texts of any number, each beside its field; only those in view exist. The chosen one is in the middle. */
export function TextList(props: TextListProps) {
  const { assistantId, language, own, lines, chosen, onChoose, onNext } = props;
  const { t } = useTranslation("translations");
  const scroller = useRef<HTMLDivElement>(null);
  const at = lines.findIndex(({ id }) => id === chosen);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === "head" ? HEAD : TEXT) * textScale(),
    getItemKey: (index) => lines[index]?.id ?? index,
    overscan: OVERSCAN,
  });
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "center" });
  }, [at, virtual]);
  return (
    <div ref={scroller} className={classes["scroller"]} role="list" aria-label={t("texts")}>
      <div
        className={classes["rows"]}
        role="presentation"
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map((item) => {
          const line = lines[item.index];
          return line === undefined ? null : (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              role="listitem"
              className={classes["line"]}
              data-first={item.index === 0}
              data-head={line.kind === "head"}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {line.kind === "head" ? (
                <ItemHead assistantId={assistantId} row={line.row} />
              ) : (
                <TextRow
                  assistantId={assistantId}
                  language={language}
                  own={own}
                  row={line.row}
                  chosen={line.id === chosen}
                  onChoose={onChoose}
                  onNext={onNext}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
