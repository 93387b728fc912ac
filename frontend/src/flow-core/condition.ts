import { type ConditionNode, parseSyntax } from "./condition-syntax";
import type { Json } from "./json";

/** The comparisons a person can choose; `set`, `empty` and `no_items` (of a list) need no value. */
export type Operator =
  | "is"
  | "is_not"
  | "more"
  | "at_least"
  | "less"
  | "at_most"
  | "contains"
  | "matches"
  | "set"
  | "empty"
  | "no_items";

export interface Clause {
  /** `slots` in flows; `context` only in patterns. */
  readonly namespace: "slots" | "context";
  readonly name: string;
  readonly operator: Operator;
  /** Text, number or yes/no; null for those that need none. */
  readonly value: string | number | boolean | null;
}

/** A condition that fits the editor: comparisons, all joined by the same word. */
export interface Condition {
  readonly joiner: "and" | "or";
  readonly clauses: readonly Clause[];
}

export const OPERATORS: readonly Operator[] = [
  "is",
  "is_not",
  "more",
  "at_least",
  "less",
  "at_most",
  "contains",
  "matches",
  "set",
  "empty",
  "no_items",
];

export function needsValue(operator: Operator): boolean {
  return operator !== "set" && operator !== "empty" && operator !== "no_items";
}

const COMPARISONS: Record<string, Operator> = {
  "=": "is",
  "!=": "is_not",
  ">": "more",
  ">=": "at_least",
  "<": "less",
  "<=": "at_most",
};

const WRITTEN: Record<Exclude<Operator, "set" | "empty" | "no_items">, string> = {
  is: "is",
  is_not: "is not",
  more: ">",
  at_least: ">=",
  less: "<",
  at_most: "<=",
  contains: "contains",
  matches: "matches",
};

const OF_TYPE: Record<string, readonly Operator[]> = {
  text: ["is", "is_not", "contains", "matches", "set", "empty"],
  float: ["is", "is_not", "more", "at_least", "less", "at_most", "set", "empty"],
  bool: ["is", "is_not", "set", "empty"],
  categorical: ["is", "is_not", "set", "empty"],
  strict_categorical: ["is", "is_not", "set", "empty"],
  list: ["contains", "no_items", "set", "empty"],
};

/** The comparisons that make sense for a slot of this type; all for one whose type says little. */
export function operatorsOf(type: string): readonly Operator[] {
  return OF_TYPE[type] ?? OPERATORS;
}

const NAME = /^(slots|context)\.([A-Za-z_]\w*)$/;

/** Reads a condition; null if it is more than the editor can show, which then offers the text itself. */
export function parseCondition(text: string): Condition | null {
  if (hasTemplate(text) || text.includes("#")) return null;
  let tree = parseSyntax(text);
  if (tree === null) return null;
  const joiners = new Set<string>();
  const parts: ConditionNode[] = [];
  while (tree.kind === "logic" && (parts.length === 0 || !tree.bracketed)) {
    joiners.add(tree.operator);
    parts.push(tree.left);
    tree = tree.right;
  }
  const clauses = [...parts, tree].map(clauseOf);
  if (joiners.size > 1 || !clauses.every((clause) => clause !== null)) return null;
  return { joiner: joiners.has("or") ? "or" : "and", clauses };
}

/** Jinja is filled in before the condition is read. */
function hasTemplate(text: string): boolean {
  return /\{[{%#]/.test(text);
}

function clauseOf(node: ConditionNode): Clause | null {
  if (node.kind === "not") return named(node.inner, "is", false);
  if (node.kind === "name") return named(node, "is", true);
  if (node.kind === "compare") return comparison(node.operator, node.left, node.right);
  if (node.kind === "contains" || node.kind === "matches") {
    if (node.right.kind !== "value" || node.right.value === null) return null;
    return named(node.left, node.kind, node.right.value);
  }
  return null;
}

function comparison(symbol: string, left: ConditionNode, right: ConditionNode): Clause | null {
  const operator = COMPARISONS[symbol];
  if (!operator) return null;
  if (right.kind === "word")
    return right.word === "empty" && operator === "is" ? named(left, "no_items", null) : null;
  if (right.kind !== "value") return null;
  if (right.value !== null) return named(left, operator, right.value);
  if (operator === "is") return named(left, "empty", null);
  return operator === "is_not" ? named(left, "set", null) : null;
}

function named(node: ConditionNode, operator: Operator, value: Clause["value"]): Clause | null {
  const found = node.kind === "name" ? NAME.exec(node.name) : null;
  if (!found) return null;
  const namespace = found[1] === "context" ? "context" : "slots";
  return { namespace, name: found[2] ?? "", operator, value };
}

/** Writes a condition so that the runtime reads the same: texts quoted, one joiner throughout. */
export function formatCondition(condition: Condition): string {
  return condition.clauses.map(formatClause).join(` ${condition.joiner} `);
}

function formatClause({ namespace, name, operator, value }: Clause): string {
  const left = `${namespace}.${name}`;
  if (operator === "set") return `${left} is not null`;
  if (operator === "empty") return `${left} is null`;
  if (operator === "no_items") return `${left} is empty`;
  const right = operator === "matches" ? formatText(String(value)) : formatLiteral(value);
  return `${left} ${WRITTEN[operator]} ${right}`;
}

function formatLiteral(value: Clause["value"]): string {
  if (typeof value === "string") return formatText(value);
  if (typeof value !== "number") return String(value);
  // A number has no exponent in a condition.
  const written = String(value);
  return /e/i.test(written) ? value.toFixed(20).replace(/\.?0+$/, "") : written;
}

/** The language has no way to write both kinds of quotes in one text, nor a template's start. */
function formatText(text: string): string {
  const writable = text.replace(/\{(?=[{%#])/g, "{ ");
  if (!writable.includes('"')) return `"${writable}"`;
  return writable.includes("'") ? `"${writable.replaceAll('"', "'")}"` : `'${writable}'`;
}

/** The words of a sentence, in the reader's language. */
export interface ConditionWords {
  operators: Record<Operator, string>;
  and: string;
  or: string;
  yes: string;
  no: string;
  /** Shown for a condition that is not written yet. */
  missing: string;
}

/** "amount is more than 1000"; a condition beyond the editor is shown as it is written. */
export function conditionSentence(value: Json | undefined, words: ConditionWords): string {
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value !== "string" || value.trim() === "") return words.missing;
  const condition = parseCondition(value);
  if (!condition) return comparedSlots(value, words) ?? value.replace(/\bslots\./g, "");
  const joiner = ` ${condition.joiner === "and" ? words.and : words.or} `;
  return condition.clauses.map((each) => clauseSentence(each, words)).join(joiner);
}

/** "amount is more than account_balance": beyond the editor, and yet a sentence. */
function comparedSlots(text: string, words: ConditionWords): string | null {
  const tree = hasTemplate(text) ? null : parseSyntax(text);
  if (tree?.kind !== "compare") return null;
  const operator = COMPARISONS[tree.operator];
  const left = named(tree.left, "is", null);
  const right = named(tree.right, "is", null);
  if (!left || !right || !operator) return null;
  return `${left.name} ${words.operators[operator]} ${right.name}`;
}

function clauseSentence({ name, operator, value }: Clause, words: ConditionWords): string {
  const said = typeof value === "boolean" ? (value ? words.yes : words.no) : String(value ?? "");
  return `${name} ${words.operators[operator]} ${needsValue(operator) ? said : ""}`.trim();
}
