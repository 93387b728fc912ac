import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** In the colours of the page, light and dark. */
export const THEME = EditorView.theme({
  "&": {
    height: "100%",
    color: "var(--text)",
    backgroundColor: "var(--surface)",
    fontSize: "0.8125rem",
  },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mantine-font-family-monospace)",
    lineHeight: "1.25rem",
    fontVariantLigatures: "none",
  },
  ".cm-content": { padding: "12px 0", caretColor: "var(--accent)" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-gutters": {
    color: "var(--text-3)",
    backgroundColor: "var(--surface)",
    border: "none",
    paddingLeft: "8px",
  },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, var(--sunken) 70%, transparent)",
  },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft) !important",
  },
  ".cm-selectionMatch": { backgroundColor: "var(--warn-soft)" },
  ".cm-panels, .cm-tooltip": {
    color: "var(--text)",
    backgroundColor: "var(--raised)",
    border: "1px solid var(--border)",
  },
  ".cm-textfield": { backgroundColor: "var(--surface)", border: "1px solid var(--border-strong)" },
  ".cm-button": { backgroundImage: "none", backgroundColor: "var(--surface)", color: "inherit" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--err)" },
});

export const HIGHLIGHT = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.propertyName, tags.definition(tags.propertyName)],
    color: "var(--kind-collect)",
  },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--ok)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: tags.comment, color: "var(--text-3)" },
  { tag: [tags.function(tags.variableName), tags.className], color: "var(--info)" },
  { tag: tags.invalid, color: "var(--err)" },
]);
