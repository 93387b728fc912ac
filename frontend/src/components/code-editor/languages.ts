import { jinja } from "@codemirror/lang-jinja";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { yaml } from "@codemirror/lang-yaml";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { endingOf } from "@/lib/ending-of";

const BY_ENDING: Record<string, () => Extension> = {
  yml: yaml,
  yaml,
  py: python,
  json,
  jinja: prompt,
  jinja2: prompt,
  j2: prompt,
};

/** Prompts are prose: their lines are as long as sentences. */
function prompt(): Extension {
  return [jinja(), EditorView.lineWrapping];
}

/** By the ending of the file; plain text for all others. */
export function languageOf(path: string): Extension {
  return BY_ENDING[endingOf(path)]?.() ?? [];
}
