"""The grammar of conditions: from a text to a tree. It is that of pypred, which Rasa uses.

    expression = operand { ("and" | "or") operand }         both of one rank, grouped to the right
    operand    = { "not" } term
    term       = factor [ operator factor ]
    operator   = "=" | "==" | "!=" | "is" [ "not" ] | ">" | ">=" | "<" | "<="
               | "contains" | "matches"
    factor     = name | number | "text" | 'text' | "true" | "false" | "null" | "undefined" | "empty"
               | "(" expression ")" | "{" { factor } "}"

Keywords are read in any case; `#` begins a comment.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NoReturn

from modelservice.project.conditions.expressions import UnusableExpression, compile_expression

MAX_DEPTH = 50
MAX_TOKENS = 2000
_SHOWN_CHARACTERS = 200

_TOKEN = re.compile(
    r"""
    (?P<blank>[ \t\n]+|\#.*)
    |(?P<number>-?\d+(?:\.\d+)?)
    |(?P<word>[\w\-.:;]+)
    |(?P<text>"[^"]*"|'[^']*')
    |(?P<sign>>=|<=|==|!=|[><=(){}])
    """,
    re.VERBOSE,
)
_KEYWORDS = frozenset(
    {"is", "and", "or", "not", "contains", "matches"}
    | {"true", "false", "undefined", "null", "empty"}
)
_COMPARISONS = {
    "=": "=",
    "==": "=",
    "is": "=",
    "!=": "!=",
    ">": ">",
    ">=": ">=",
    "<": "<",
    "<=": "<=",
}


class ConditionError(Exception):
    """A text is no condition: `reason` says why to its author, `position` (from 1) where."""

    def __init__(self, text: str, reason: str, position: int) -> None:
        self.text, self.reason, self.position = text, reason, position
        super().__init__(f"the condition “{shortened(text)}” cannot be read: {reason}")


def shortened(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


@dataclass(frozen=True, slots=True)
class Name:
    """An unquoted word, such as `slots.amount`."""

    name: str


@dataclass(frozen=True, slots=True)
class Value:
    """A number, a quoted text, true, false or null."""

    value: str | float | bool | None


@dataclass(frozen=True, slots=True)
class Word:
    """`undefined` or `empty`."""

    word: Literal["undefined", "empty"]


@dataclass(frozen=True, slots=True)
class SetOf:
    members: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Compare:
    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Contains:
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Matches:
    left: "Node"
    pattern: str


@dataclass(frozen=True, slots=True)
class Not:
    inner: "Node"


@dataclass(frozen=True, slots=True)
class Logic:
    """`operator` is `and` or `or`; chains lean to the right."""

    operator: str
    left: "Node"
    right: "Node"


Node = Name | Value | Word | SetOf | Compare | Contains | Matches | Not | Logic


_FACTORS: dict[str, Callable[[str], Node]] = {
    "name": Name,
    "number": lambda text: Value(float(text)),
    "text": lambda text: Value(text[1:-1]),
    "true": lambda _text: Value(value=True),
    "false": lambda _text: Value(value=False),
    "null": lambda _text: Value(None),
    "undefined": lambda _text: Word("undefined"),
    "empty": lambda _text: Word("empty"),
}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is a keyword, a sign, `number`, `text`, `name` or `end`; `start` counts from 0."""

    kind: str
    text: str
    start: int


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of a condition without Jinja.

    :raises ConditionError: it is not one; an expression that cannot be used is one, too
    """
    return _Parser(text).parse()


def tokens(text: str) -> Iterator[Token]:
    """:raises ConditionError: a character that begins no token, an open quote, too many tokens"""
    place = count = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            _fail_at_character(text, place)
        kind, token = str(found.lastgroup), found.group()
        if kind == "word":
            kind = token.lower() if token.lower() in _KEYWORDS else "name"
        elif kind == "sign":
            kind = token
        if kind != "blank":
            yield Token(kind, token, place)
            count += 1
        if count > MAX_TOKENS:
            raise ConditionError(text, f"it has more than {MAX_TOKENS:,} words", place + 1)
        place = found.end()
    yield Token("end", "", len(text))


def _fail_at_character(text: str, place: int) -> NoReturn:
    character = text[place]
    if character in "'\"":
        reason = f"the quote at character {place + 1} is never closed"
    else:
        reason = f"“{character}” (character {place + 1}) is not understood"
    raise ConditionError(text, reason, place + 1)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """The condition with these names written anew; everything else stays as it is.

    :raises ConditionError: as `tokens`
    """
    result, place = "", 0
    for token in tokens(text):
        new = names.get(token.text) if token.kind == "name" else None
        if new is not None:
            result += text[place : token.start] + new
            place = token.start + len(token.text)
    return result + text[place:]


def nodes(tree: Node) -> Iterator[Node]:
    """The tree and everything in it, from the left."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(_children(node)))


def _children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, SetOf):
        return node.members
    if isinstance(node, Not):
        return (node.inner,)
    if isinstance(node, Matches):
        return (node.left,)
    if isinstance(node, (Compare, Contains, Logic)):
        return (node.left, node.right)
    return ()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(tokens(text))
        self._next = 0

    def parse(self) -> Node:
        if self._peek().kind == "end":
            raise ConditionError(self._text, "it is empty", 1)
        tree = self._expression(0)
        if self._peek().kind != "end":
            self._unexpected(self._peek())
        return tree

    def _peek(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._tokens[self._next]
        self._next += 1
        return token

    def _fail(self, reason: str, token: Token) -> NoReturn:
        raise ConditionError(self._text, reason, token.start + 1)

    def _unexpected(self, token: Token) -> NoReturn:
        if token.kind == "end":
            self._fail("it ends too early", token)
        self._fail(f"“{token.text}” (character {token.start + 1}) is not expected there", token)

    def _deeper(self, depth: int, token: Token) -> int:
        if depth >= MAX_DEPTH:
            self._fail(f"it is nested more than {MAX_DEPTH} levels deep", token)
        return depth + 1

    def _expression(self, depth: int) -> Node:
        operands = [self._operand(depth)]
        operators = []
        while self._peek().kind in ("and", "or"):
            operators.append(self._take().kind)
            operands.append(self._operand(depth))
        tree = operands[-1]
        for operator, left in zip(reversed(operators), reversed(operands[:-1]), strict=True):
            tree = Logic(operator, left, tree)
        return tree

    def _operand(self, depth: int) -> Node:
        negations = 0
        while self._peek().kind == "not":
            depth = self._deeper(depth, self._take())
            negations += 1
        tree = self._term(depth)
        for _ in range(negations):
            tree = Not(tree)
        return tree

    def _term(self, depth: int) -> Node:
        left = self._factor(depth)
        operator = self._peek()
        if operator.kind == "contains":
            self._take()
            return Contains(left, self._contained(depth))
        if operator.kind == "matches":
            self._take()
            return Matches(left, self._pattern(depth))
        if operator.kind not in _COMPARISONS:
            return left
        comparison = _COMPARISONS[self._take().kind]
        if operator.kind == "is" and self._peek().kind == "not":
            self._take()
            comparison = "!="
        return Compare(comparison, left, self._factor(depth))

    def _contained(self, depth: int) -> Node:
        token = self._peek()
        right = self._factor(depth)
        if not isinstance(right, (Name, Value)):
            self._fail("“contains” takes one value on its right", token)
        return right

    def _pattern(self, depth: int) -> str:
        token = self._peek()
        right = self._factor(depth)
        text = right.name if isinstance(right, Name) else getattr(right, "value", None)
        if not isinstance(text, str):
            reason = f"“matches” takes a regular expression in quotes, not “{token.text}”"
            self._fail(reason, token)
        # pypred takes an unquoted word as it stands, and all quotes off both ends.
        pattern = text.strip("'\"")
        try:
            compile_expression(pattern)
        except UnusableExpression as error:
            self._fail(f"the regular expression “{shortened(pattern)}” {error}", token)
        return pattern

    def _factor(self, depth: int) -> Node:
        token = self._take()
        if token.kind == "(":
            inner = self._expression(self._deeper(depth, token))
            self._expect(")")
            return inner
        if token.kind == "{":
            return self._set(self._deeper(depth, token))
        read = _FACTORS.get(token.kind)
        if read is None:
            self._unexpected(token)
        return read(token.text)

    def _expect(self, kind: str) -> None:
        token = self._take()
        if token.kind != kind:
            self._unexpected(token)

    def _set(self, depth: int) -> SetOf:
        members = []
        while self._peek().kind != "}":
            token = self._peek()
            member = self._factor(depth)
            if isinstance(member, SetOf):
                self._fail("a set cannot hold another set", token)
            members.append(member)
        self._take()
        return SetOf(tuple(members))
