import { Popover } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { type ClipboardEvent, type FocusEvent, type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "@/components/icon-button";
import {
  type Example,
  markAt,
  overlapped,
  retyped,
  rounded,
  sameWords,
  segmentsOf,
  trimmed,
  withMark,
  withoutMark,
  writeExample,
} from "@/flow-core/nlu";
import grid from "./examples.module.css";
import { MARK_FORM, MarkForm } from "./mark-form";

interface ExampleEditorProps {
  label: string;
  intent: string;
  initial: Example;
  /** Where the mark begins that is open from the start. */
  mark?: number | undefined;
  /** The other examples: none is written twice. */
  taken: readonly string[];
  onSave: (example: Example) => void;
  /** Several lines were pasted. */
  onMany: (lines: readonly string[]) => void;
  /** Ctrl Enter: a new one below. */
  onBelow?: () => void;
  onClose: () => void;
}

/** The words of an example in a field; what is chosen in it can be marked as an entity. */
export function ExampleEditor(props: ExampleEditorProps) {
  const { label, initial, taken, onSave, onMany, onBelow, onClose } = props;
  const { t } = useTranslation("understanding");
  const opened = initial.marks.find(({ start }) => start === props.mark);
  const [example, setExample] = useState(initial);
  const [chosen, setChosen] = useState<readonly [number, number] | null>(
    opened ? [opened.start, opened.end] : null,
  );
  const field = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  const finished = useRef(false);
  const written = writeExample(example);
  const [known] = useState(() => new Set(taken.map(sameWords)));
  const twin = known.has(sameWords(written));
  const finish = (keep: boolean, then: () => void) => {
    if (finished.current) return;
    finished.current = true;
    if (keep && !twin && example.text.trim() !== "") onSave(example);
    then();
  };
  const readSelection = () => {
    const { selectionStart, selectionEnd } = field.current ?? {};
    if (typeof selectionStart !== "number" || typeof selectionEnd !== "number") return;
    const [start, end] = trimmed(example.text, selectionStart, selectionEnd);
    setChosen(start < end ? [start, end] : null);
  };
  const inField = (start: number, end = start) => {
    field.current?.focus();
    field.current?.setSelectionRange(start, end);
  };
  const marked = (next: Example, at: number) => {
    setExample(next);
    setChosen(null);
    inField(at);
  };
  const onEnter = (below: boolean) => {
    // What is chosen is marked first; the form knows as what.
    if (chosen && !below && submitMark()) return;
    if (below && onBelow) finish(true, onBelow);
    else if (!twin) finish(true, onClose);
  };
  const onEscape = () => {
    if (chosen) {
      setChosen(null);
      inField(chosen[1]);
    } else finish(false, onClose);
  };
  /** On a mark, it removes the mark and never the words. */
  const onBackspace = ({ selectionStart: start, selectionEnd: end }: HTMLInputElement): boolean => {
    if (start === null || start !== end || start === 0) return false;
    const mark = markAt(example.marks, start - 1, start);
    if (mark) setExample(withoutMark(example, mark));
    return mark !== undefined;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    event.stopPropagation();
    if (event.key === "Enter") onEnter(event.ctrlKey || event.metaKey);
    else if (event.key === "Escape") onEscape();
    else if (event.key === "Tab" && !event.shiftKey && chosen) focusMarkForm();
    else if (event.key !== "Backspace" || !onBackspace(event.currentTarget)) return;
    event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent) => {
    const lines = event.clipboardData.getData("text").split(/\r?\n/);
    if (lines.filter((line) => line.trim() !== "").length < 2) return;
    event.preventDefault();
    onMany(lines);
  };
  const onBlur = (event: FocusEvent<HTMLElement, Element>) => {
    const to = event.relatedTarget;
    const stays = event.currentTarget.contains(to) || to?.closest(`#${MARK_FORM}`);
    if (stays) return;
    // The window lost it, or a choice was pressed.
    if (to === null && (chosen || !document.hasFocus())) return;
    finish(true, onClose);
  };
  const across = chosen ? overlapped(example.marks, ...chosen) : undefined;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what leaves the field or its button saves
    <div className={grid["editor"]} onBlur={onBlur}>
      <div className={grid["field"]} data-wrong={twin}>
        <div ref={mirror} className={grid["mirror"]} aria-hidden="true">
          <Mirror example={example} chosen={chosen}>
            {chosen ? (
              across ? (
                <p className={grid["overlap"]}>
                  {t("overlap", { words: example.text.slice(across.start, across.end) })}
                </p>
              ) : (
                <MarkForm
                  example={example}
                  chosen={chosen}
                  onMark={(mark) => marked(withMark(example, mark), mark.end)}
                  onUnmark={(mark) => marked(withoutMark(example, mark), mark.end)}
                  onBack={() => inField(...chosen)}
                />
              )
            ) : null}
          </Mirror>
        </div>
        <input
          ref={field}
          aria-label={label}
          aria-invalid={twin}
          value={example.text}
          // biome-ignore lint/a11y/noAutofocus: it takes the place of the row that was chosen
          autoFocus
          spellCheck={false}
          onFocus={(event) => {
            if (opened && chosen) event.currentTarget.setSelectionRange(...chosen);
          }}
          onChange={(event) => {
            setChosen(null);
            // Square brackets are for marks in nlu.yml, and have no other spelling there.
            setExample(retyped(example, rounded(event.currentTarget.value)));
          }}
          onScroll={(event) => {
            if (mirror.current) mirror.current.scrollLeft = event.currentTarget.scrollLeft;
          }}
          onMouseUp={() => requestAnimationFrame(readSelection)}
          onKeyUp={(event) => {
            if (event.shiftKey || event.key === "Shift") readSelection();
            else if (event.key.startsWith("Arrow")) setChosen(null);
          }}
          onDoubleClick={readSelection}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
      </div>
      <IconButton
        size={28}
        label={t("done")}
        tabIndex={-1}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => finish(true, onClose)}
      >
        <IconCheck size={16} stroke={1.75} />
      </IconButton>
      {twin ? (
        <p className={grid["twin"]} role="alert">
          {t("twin")}
        </p>
      ) : null}
    </div>
  );
}

function submitMark(): boolean {
  const form = document.getElementById(MARK_FORM);
  if (!(form instanceof HTMLFormElement)) return false;
  form.requestSubmit();
  return true;
}

function focusMarkForm(): void {
  document.getElementById(MARK_FORM)?.querySelector<HTMLElement>("input")?.focus();
}

interface MirrorProps {
  example: Example;
  chosen: readonly [number, number] | null;
  /** Stands below what is chosen. */
  children: React.ReactNode;
}

/** The same words behind the field, where marks and what is chosen have a ground. */
function Mirror({ example, chosen, children }: MirrorProps) {
  const parts = segmentsOf(example).flatMap(({ text, mark, start }) => {
    if (!chosen) return [{ text, mark, start, isChosen: false }];
    const cuts = [start, ...chosen, start + text.length]
      .filter((cut) => cut >= start && cut <= start + text.length)
      .sort((one, other) => one - other);
    return cuts.slice(1).flatMap((cut, index) => {
      const from = cuts[index] ?? start;
      const part = text.slice(from - start, cut - start);
      const isChosen = from >= chosen[0] && cut <= chosen[1];
      return part === "" ? [] : [{ text: part, mark, start: from, isChosen }];
    });
  });
  let open = false;
  return parts.map(({ text, mark, start, isChosen }) => {
    const kind = isChosen ? "chosen" : mark ? "inField" : "plain";
    const words = (
      <span key={start} className={grid[kind]}>
        {text}
      </span>
    );
    if (!isChosen || open) return words;
    open = true;
    return (
      <Popover
        key={start}
        opened={children !== null}
        position="bottom-start"
        trapFocus={false}
        returnFocus={false}
        closeOnClickOutside={false}
        closeOnEscape={false}
        width={430}
        shadow="md"
      >
        <Popover.Target>{words}</Popover.Target>
        <Popover.Dropdown className={grid["popover"] ?? ""} p={0}>
          {children}
        </Popover.Dropdown>
      </Popover>
    );
  });
}
