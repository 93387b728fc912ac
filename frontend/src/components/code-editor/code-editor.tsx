import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Offer } from "./completions";
import { HIGHLIGHT, THEME } from "./editor-theme";
import { languageOf } from "./languages";

export interface Finding {
  /** From 1 on. */
  line: number;
  message: string;
}

interface CodeEditorProps {
  /** What is edited; read out as the name of the field. */
  label: string;
  /** Its ending tells the language. */
  path: string;
  value: string;
  findings: readonly Finding[];
  readOnly: boolean;
  /** Words that are offered while one is typed. */
  completions?: readonly Offer[];
  /** The line to go to, with the focus; from 1 on. */
  line?: number | undefined;
  /** The line that is in sight at first, without the focus. */
  shown?: number | undefined;
  onChange: (value: string) => void;
}

/** The text of a file with line numbers, colours, search (Ctrl F) and its problems (F8). Escape, then Tab leaves it. */
export function CodeEditor(props: CodeEditorProps) {
  const { label, path, value, findings, readOnly, line } = props;
  const { t } = useTranslation();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const onChange = useRef(props.onChange);
  onChange.current = props.onChange;
  const completions = useRef(props.completions);
  completions.current = props.completions;
  const first = useRef({ value, line, shown: props.shown });
  const locked = useRef(new Compartment());
  const hint = t("editorKeys");

  useEffect(() => {
    const parent = host.current;
    if (!parent) return;
    const { value: doc, line: begin, shown } = first.current;
    // One function for good: what is being completed is known by it.
    const autocomplete = (at: CompletionContext) => offered(at, completions.current ?? []);
    const made = new EditorView({
      parent,
      state: EditorState.create({
        doc,
        extensions: [
          BASICS,
          languageOf(path),
          EditorState.languageData.of(() => [{ autocomplete }]),
          locked.current.of(lockedBy(true)),
          EditorView.contentAttributes.of({ "aria-label": label, "aria-description": hint }),
          EditorView.updateListener.of((update) => {
            const fromHere = update.transactions.some((each) => each.isUserEvent("remote"));
            if (update.docChanged && !fromHere) onChange.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    if (begin !== undefined) goToLine(made, begin);
    else if (shown !== undefined) showLine(made, shown);
    return () => made.destroy();
  }, [path, label, hint]);

  useEffect(() => {
    const effects = locked.current.reconfigure(lockedBy(readOnly));
    view.current?.dispatch({ effects });
  }, [readOnly]);

  // Somebody else's lines, merged in: only what differs is replaced, so that the cursor stays.
  useEffect(() => {
    const now = view.current?.state.doc.toString();
    if (now === undefined || now === value) return;
    view.current?.dispatch({ changes: difference(now, value), userEvent: "remote" });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnostics(editor.state, findings)));
  }, [findings]);

  useEffect(() => {
    if (view.current && line !== undefined) goToLine(view.current, line);
  }, [line]);

  return <div ref={host} className="code-editor" data-path={path} />;
}

function offered(at: CompletionContext, words: readonly Offer[]): CompletionResult | null {
  const word = at.matchBefore(/[\w/]+/);
  if (words.length === 0 || (!word && !at.explicit)) return null;
  return {
    from: word?.from ?? at.pos,
    options: words,
    validFor: /^[\w/]*$/,
  };
}

const BASICS: Extension = [
  lineNumbers(),
  lintGutter(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  autocompletion(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  indentUnit.of("  "),
  syntaxHighlighting(HIGHLIGHT),
  THEME,
  keymap.of([
    ...defaultKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...completionKeymap,
    ...lintKeymap,
    indentWithTab,
  ]),
];

const lockedBy = (readOnly: boolean): Extension => [
  EditorState.readOnly.of(readOnly),
  // It stays reachable by the keyboard, for reading and copying.
  EditorView.contentAttributes.of({ "aria-readonly": String(readOnly), tabindex: "0" }),
];

function diagnostics(state: EditorState, findings: readonly Finding[]): Diagnostic[] {
  return findings.map(({ line, message }) => {
    const { from, to } = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
    return { from, to, severity: "error", message };
  });
}

function showLine(view: EditorView, line: number): void {
  const { from } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  view.dispatch({
    selection: { anchor: from },
    effects: EditorView.scrollIntoView(from, { y: "center" }),
  });
}

function goToLine(view: EditorView, line: number): void {
  showLine(view, line);
  view.focus();
}

/** The one change that makes `after` of `before`: what both begin and end with stays. */
function difference(before: string, after: string) {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}
