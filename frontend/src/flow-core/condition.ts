import type { Json } from "./json";

/** The comparisons a person can choose; `set` and `empty` need no value. */
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
  | "empty";

export interface Clause {
  /** `slots` in flows; `context` only in patterns. */
  readonly namespace: "slots" | "context";
  readonly name: string;
  readonly operator: Operator;
  /** Text, number or yes/no; null for `set` and `empty`. */
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
];

export function needsValue(operator: Operator): boolean {
  return operator !== "set" && operator !== "empty";
}

const SYMBOLS: Record<string, Operator> = {
  is: "is",
  "=": "is",
  "==": "is",
  "is not": "is_not",
  "!=": "is_not",
  ">": "more",
  ">=": "at_least",
  "<": "less",
  "<=": "at_most",
  contains: "contains",
  matches: "matches",
};

const WRITTEN: Record<Exclude<Operator, "set" | "empty">, string> = {
  is: "is",
  is_not: "is not",
  more: ">",
  at_least: ">=",
  less: "<",
  at_most: "<=",
  contains: "contains",
  matches: "matches",
};

const LITERAL =
  /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(-?\d+(?:\.\d+)?)|(true|false|null))$/i;
const NAME = /^(slots|context)\.([A-Za-z_]\w*)$/;
const COMPARISON =
  /^(\S+)\s*(is\s+not\b|is\b|contains\b|matches\b|!=|==|>=|<=|=|>|<)\s*([\s\S]+)$/i;

/** Reads a condition; null if it is more than the editor can show, which then offers the text itself. */
export function parseCondition(text: string): Condition | null {
  const parts = splitJoined(text.trim());
  if (parts === null) return null;
  const clauses = parts.pieces.map(parseClause);
  if (clauses.length === 0 || !clauses.every((clause) => clause !== null)) return null;
  return { joiner: parts.joiner, clauses };
}

function parseClause(text: string): Clause | null {
  const negated = /^not\s+(\S+)$/i.exec(text);
  const bare = NAME.exec(negated?.[1] ?? text);
  if (bare) return clause(bare, "is", negated === null);
  const found = COMPARISON.exec(text);
  const name = found && NAME.exec(found[1] ?? "");
  const operator = found && SYMBOLS[(found[2] ?? "").toLowerCase().replace(/\s+/g, " ")];
  const literal = found && LITERAL.exec((found[3] ?? "").trim());
  if (!name || !operator || !literal) return null;
  if (literal[4]?.toLowerCase() === "null") {
    if (operator === "is") return clause(name, "empty", null);
    return operator === "is_not" ? clause(name, "set", null) : null;
  }
  return clause(name, operator, literalValue(literal));
}

function clause(name: RegExpExecArray, operator: Operator, value: Clause["value"]): Clause {
  return {
    namespace: name[1] === "context" ? "context" : "slots",
    name: name[2] ?? "",
    operator,
    value,
  };
}

function literalValue(literal: RegExpExecArray): string | number | boolean {
  const [, double, single, number, word] = literal;
  if (number !== undefined) return Number(number);
  if (word !== undefined) return word.toLowerCase() === "true";
  return (double ?? single ?? "").replace(/\\(.)/g, "$1");
}

/** Splits at `and` or `or` outside quotes; null when both occur, or brackets group them. */
function splitJoined(text: string): { joiner: "and" | "or"; pieces: string[] } | null {
  const pieces: string[] = [];
  const joiners = new Set<string>();
  let rest = unbracketed(text);
  let piece = "";
  while (rest) {
    const token = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\s+(and|or)\s+|[\s\S])/i.exec(rest);
    if (!token) break;
    if (token[0] === "(" || token[0] === ")" || token[0] === "{") return null;
    if (token[1]) {
      joiners.add(token[1].toLowerCase());
      pieces.push(piece.trim());
      piece = "";
    } else piece += token[0];
    rest = rest.slice(token[0].length);
  }
  pieces.push(piece.trim());
  if (joiners.size > 1) return null;
  return { joiner: joiners.has("or") ? "or" : "and", pieces };
}

/** Brackets around a whole condition without inner ones say nothing. */
function unbracketed(text: string): string {
  const inner = /^\(([^()]*)\)$/.exec(text);
  return inner?.[1]?.trim() ?? text;
}

/** Writes a condition so that the runtime reads the same: texts quoted, one joiner throughout. */
export function formatCondition(condition: Condition): string {
  return condition.clauses.map(formatClause).join(` ${condition.joiner} `);
}

function formatClause({ namespace, name, operator, value }: Clause): string {
  const left = `${namespace}.${name}`;
  if (operator === "set") return `${left} is not null`;
  if (operator === "empty") return `${left} is null`;
  return `${left} ${WRITTEN[operator]} ${formatLiteral(value)}`;
}

function formatLiteral(value: Clause["value"]): string {
  if (typeof value === "string") return `"${value.replace(/["\\]/g, "\\$&")}"`;
  return String(value);
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
  const found = COMPARISON.exec(text.trim());
  const left = NAME.exec(found?.[1] ?? "");
  const right = NAME.exec(found?.[3]?.trim() ?? "");
  const operator = SYMBOLS[(found?.[2] ?? "").toLowerCase().replace(/\s+/g, " ")];
  if (!left || !right || !operator) return null;
  return `${left[2]} ${words.operators[operator]} ${right[2]}`;
}

function clauseSentence({ name, operator, value }: Clause, words: ConditionWords): string {
  const said = typeof value === "boolean" ? (value ? words.yes : words.no) : String(value ?? "");
  return `${name} ${words.operators[operator]} ${needsValue(operator) ? said : ""}`.trim();
}
