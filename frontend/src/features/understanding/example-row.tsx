import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import type { Ref } from "react";
import { useTranslation } from "react-i18next";
import { useContent } from "@/components/content/content-context";
import { readExample, segmentsOf, writeExample } from "@/flow-core/nlu";
import { ExampleEditor } from "./example-editor";
import grid from "./examples.module.css";
import { MarkedText } from "./marked-text";
import { useChangeExamples } from "./use-examples";

interface ExampleRowProps {
  ref: Ref<HTMLDivElement>;
  index: number;
  top: number;
  intent: string;
  text: string;
  examples: readonly string[];
  active: boolean;
  ticked: boolean;
  /** The other intent that it is close to. */
  close: string | undefined;
  edited: { mark?: number } | null;
  /** A new one is written below it. */
  adding: boolean;
  onTick: () => void;
  /** `mark` is where the one that was pressed begins. */
  onEdit: (mark?: number) => void;
  onBelow: () => void;
  /** So many rows on is where the focus goes. */
  onDone: (by: number) => void;
}

/** One example: its words with the marks in them, or the field to change both. */
export function ExampleRow(props: ExampleRowProps) {
  const { ref, index, top, intent, text, examples, active, ticked, close, edited, adding } = props;
  const { t } = useTranslation("understanding");
  const { assistantId, readOnly } = useContent();
  const { change, add } = useChangeExamples(assistantId);
  const example = readExample(text);
  const save = (next: string, position?: number) => {
    if (position !== undefined) {
      change([{ was: null, becomes: { intent, text: next }, position }]);
    } else if (next !== text) {
      change([{ was: { intent, text }, becomes: { intent, text: next } }]);
    }
  };
  return (
    <div
      ref={ref}
      id={`example-${index}`}
      data-index={index}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={ticked}
      className={grid["example"]}
      data-active={active}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="gridcell" className={grid["cell"]}>
        {edited ? (
          <ExampleEditor
            label={t("exampleText")}
            intent={intent}
            initial={example}
            mark={edited.mark}
            taken={examples.filter((other) => other !== text)}
            onSave={(next) => save(writeExample(next))}
            onMany={(lines) => add(intent, examples, lines)}
            onBelow={props.onBelow}
            onClose={() => props.onDone(0)}
          />
        ) : (
          <>
            <button
              type="button"
              tabIndex={-1}
              aria-hidden="true"
              className={grid["tick"]}
              data-ticked={ticked}
              disabled={readOnly}
              onClick={props.onTick}
            >
              <IconCheck size={12} stroke={3} />
            </button>
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keys */}
            {/* biome-ignore lint/a11y/noStaticElementInteractions: the grid takes the keys */}
            <div
              className={grid["words"]}
              onClick={(event) => {
                const pressed = (event.target as HTMLElement).closest<HTMLElement>("[data-mark]");
                props.onEdit(pressed ? Number(pressed.dataset["mark"]) : undefined);
              }}
            >
              <MarkedText segments={segmentsOf(example)} />
            </div>
            {close ? (
              <span className={grid["close"]}>
                <IconAlertTriangle size={14} stroke={1.75} aria-hidden="true" />
                {t("closeTo", { intent: close })}
              </span>
            ) : null}
          </>
        )}
      </div>
      {adding ? (
        <div role="gridcell" className={grid["cell"]}>
          <ExampleEditor
            label={t("newBelow")}
            intent={intent}
            initial={{ text: "", marks: [] }}
            taken={examples}
            onSave={(next) => save(writeExample(next), examples.indexOf(text) + 1)}
            onMany={(lines) => add(intent, examples, lines)}
            onClose={() => props.onDone(1)}
          />
        </div>
      ) : null}
    </div>
  );
}
