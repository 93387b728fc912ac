/**
 * The grammar of conditions, as the checks and the runtime read it
 * (`modelservice/project/conditions/syntax.py`; one table of cases tests both). What regular
 * expressions may hold is judged there alone.
 */

export type ConditionNode =
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "value"; readonly value: string | number | boolean | null }
  | { readonly kind: "word"; readonly word: "undefined" | "empty" }
  | { readonly kind: "set"; readonly members: readonly ConditionNode[] }
  | { readonly kind: "not"; readonly inner: ConditionNode }
  | {
      readonly kind: "compare" | "contains" | "matches" | "logic";
      readonly operator: string;
      readonly left: ConditionNode;
      readonly right: ConditionNode;
      /** In brackets of its own, which the editor of comparisons cannot show. */
      readonly bracketed?: boolean;
    };

interface Token {
  readonly kind: string;
  readonly text: string;
}

const MAX_DEPTH = 50;
const MAX_TOKENS = 2000;
const TOKEN =
  /([ \t\n]+|#.*)|(-?\p{Nd}+(?:\.\p{Nd}+)?)|([\p{L}\p{N}_\-.:;]+)|("[^"]*"|'[^']*')|(>=|<=|==|!=|[><=(){}])/uy;
const KEYWORDS = new Set(
  "is and or not contains matches true false undefined null empty".split(" "),
);
const COMPARISONS: Record<string, string> = {
  "=": "=",
  "==": "=",
  is: "=",
  "!=": "!=",
  ">": ">",
  ">=": ">=",
  "<": "<",
  "<=": "<=",
};
const CONSTANTS: Record<string, boolean | null> = { true: true, false: false, null: null };

/** The tree of a condition without templates; null if it is none. */
export function parseSyntax(text: string): ConditionNode | null {
  const tokens = tokensOf(text);
  if (tokens === null || tokens.length === 0) return null;
  try {
    return new Parser(tokens).whole();
  } catch (error) {
    if (error instanceof NotACondition) return null;
    throw error;
  }
}

class NotACondition extends Error {}

function tokensOf(text: string): Token[] | null {
  const found: Token[] = [];
  let place = 0;
  while (place < text.length) {
    TOKEN.lastIndex = place;
    const [whole = "", blank, number, word, quoted] = TOKEN.exec(text) ?? [];
    if (whole === "") return null;
    place += whole.length;
    const keyword = word?.toLowerCase() ?? "";
    if (number !== undefined) found.push({ kind: "number", text: whole });
    else if (quoted !== undefined) found.push({ kind: "text", text: whole });
    else if (word !== undefined)
      found.push({ kind: KEYWORDS.has(keyword) ? keyword : "name", text: whole });
    else if (blank === undefined) found.push({ kind: whole, text: whole });
    if (found.length > MAX_TOKENS) return null;
  }
  return found;
}

class Parser {
  private next = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): ConditionNode {
    const tree = this.expression(0);
    if (this.next < this.tokens.length) throw new NotACondition();
    return tree;
  }

  private kind(): string {
    return this.tokens[this.next]?.kind ?? "end";
  }

  private take(): Token {
    const token = this.tokens[this.next];
    if (!token) throw new NotACondition();
    this.next += 1;
    return token;
  }

  private deeper(depth: number): number {
    if (depth >= MAX_DEPTH) throw new NotACondition();
    return depth + 1;
  }

  /** `and` and `or` have the same rank and group to the right. */
  private expression(depth: number): ConditionNode {
    const operands = [this.operand(depth)];
    const operators: string[] = [];
    while (this.kind() === "and" || this.kind() === "or") {
      operators.push(this.take().kind);
      operands.push(this.operand(depth));
    }
    return operands.reduceRight((right, left, index) => ({
      kind: "logic",
      operator: operators[index] ?? "and",
      left,
      right,
    }));
  }

  private operand(depth: number): ConditionNode {
    if (this.kind() !== "not") return this.term(depth);
    const inner = this.deeper(depth);
    this.take();
    return { kind: "not", inner: this.operand(inner) };
  }

  private term(depth: number): ConditionNode {
    const left = this.factor(depth);
    const operator = this.kind();
    if (operator === "contains" || operator === "matches") {
      this.take();
      return { kind: operator, operator, left, right: this.single(operator, depth) };
    }
    if (!(operator in COMPARISONS)) return left;
    this.take();
    const negated = operator === "is" && this.kind() === "not";
    if (negated) this.take();
    const written = negated ? "!=" : (COMPARISONS[operator] ?? operator);
    return { kind: "compare", operator: written, left, right: this.factor(depth) };
  }

  /** The right side of `contains` and `matches`: one value, for `matches` a text. */
  private single(operator: "contains" | "matches", depth: number): ConditionNode {
    const right = this.factor(depth);
    const isText = right.kind === "name" || (right.kind === "value" && isString(right.value));
    if (operator === "matches" ? !isText : right.kind !== "name" && right.kind !== "value")
      throw new NotACondition();
    return right;
  }

  private factor(depth: number): ConditionNode {
    const token = this.take();
    if (token.kind === "name") return { kind: "name", name: token.text };
    if (token.kind === "number") return { kind: "value", value: Number(token.text) };
    if (token.kind === "text") return { kind: "value", value: token.text.slice(1, -1) };
    if (token.kind === "undefined" || token.kind === "empty")
      return { kind: "word", word: token.kind };
    if (token.kind in CONSTANTS) return { kind: "value", value: CONSTANTS[token.kind] ?? null };
    if (token.kind === "(") return this.bracketed(this.deeper(depth));
    if (token.kind === "{") return this.set(this.deeper(depth));
    throw new NotACondition();
  }

  private bracketed(depth: number): ConditionNode {
    const inner = this.expression(depth);
    if (this.take().kind !== ")") throw new NotACondition();
    return "operator" in inner ? { ...inner, bracketed: true } : inner;
  }

  private set(depth: number): ConditionNode {
    const members: ConditionNode[] = [];
    while (this.kind() !== "}") {
      const member = this.factor(depth);
      if (member.kind === "set") throw new NotACondition();
      members.push(member);
    }
    this.take();
    return { kind: "set", members };
  }
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}
