"""Conditions (pypred syntax): do they parse, and do they speak of what is there?"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import ply.lex
import ply.yacc
import pypred.ast
import pypred.parser

from modelservice.project.checks import defaults
from modelservice.project.checks.content import Surroundings

# Rendered before parsing, with what a pattern knows; validation only knows that it is a name.
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_STAND_IN = "jinja_value"
_MAX_LENGTH = 5_000
_COMPARISONS_OF_VALUES = {"=", "!=", "is"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`name operator value`; a value is a quoted text, a number, a constant or another name."""

    name: str
    operator: str
    value: Any
    quoted: bool


@dataclass(frozen=True, slots=True)
class Condition:
    error: str
    names: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionFinding:
    code: str
    message: str
    slot: str | None = None


class _Grammar:
    """pypred rebuilds its tables for every predicate; here they are built once, behind a lock."""

    def __init__(self) -> None:
        quiet = ply.yacc.NullLogger()
        self._lock = threading.Lock()
        self._lexer = ply.lex.lex(module=pypred.parser, errorlog=quiet)
        self._parser = ply.yacc.yacc(
            module=pypred.parser, debug=False, write_tables=False, errorlog=quiet
        )

    def parse(self, text: str) -> tuple[Any, str]:
        """(tree, "") or (None, what is wrong)."""
        with self._lock:
            lexer, parser = self._lexer, self._parser
            lexer.lineno, lexer.errors, lexer.parser, parser.errors = 1, [], parser, []
            try:
                tree = parser.parse(text, lexer=lexer)
            except (SyntaxError, RecursionError):
                return None, "it ends too early"
            if lexer.errors:
                return None, f"“{lexer.errors[0][0]}” is not understood"
            if parser.errors:
                return None, f"“{parser.errors[0][2]}” is not expected there"
        if tree is None:
            return None, "it is empty"
        valid, found = tree.validate()
        return (tree, "") if valid else (None, "; ".join(found["errors"]))


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    return _Grammar()


@lru_cache(maxsize=20_000)
def parse_condition(text: str) -> Condition:
    if len(text) > _MAX_LENGTH:
        return Condition(error=f"it has more than {_MAX_LENGTH} characters")
    tree, error = _grammar().parse(_JINJA.sub(_STAND_IN, text))
    if error:
        return Condition(error=error)
    nodes = list(_nodes(tree))
    values = {id(node.right) for node in nodes if _is_comparison(node)}
    names = tuple(
        dict.fromkeys(
            node.value
            for node in nodes
            if isinstance(node, pypred.ast.Literal)
            and not _quoted(node.value)
            and id(node) not in values
        )
    )
    return Condition("", names, tuple(_comparisons(nodes)))


def _nodes(tree: Any) -> Iterator[Any]:
    waiting = [tree]
    while waiting:
        node = waiting.pop(0)
        yield node
        if isinstance(node, pypred.ast.LiteralSet):
            waiting.extend(node.value)
        waiting.extend(
            child for child in (getattr(node, side, None) for side in ("left", "right")) if child
        )


def _is_comparison(node: Any) -> bool:
    return isinstance(node, pypred.ast.CompareOperator)


def _comparisons(nodes: list[Any]) -> Iterator[Comparison]:
    for node in nodes:
        if not _is_comparison(node) or not isinstance(node.left, pypred.ast.Literal):
            continue
        right = node.right
        value = getattr(right, "value", None)
        quoted = isinstance(right, pypred.ast.Literal) and _quoted(value)
        yield Comparison(
            name=node.left.value,
            operator=node.type,
            value=str(value)[1:-1] if quoted else value,
            quoted=quoted,
        )


def _quoted(text: Any) -> bool:
    return isinstance(text, str) and text[:1] in {"'", '"'}


def check_condition(
    text: Any, surroundings: Surroundings, *, context: bool = True
) -> Iterator[ConditionFinding]:
    """`context` says whether `context.<field>` may be used besides `slots.<name>`."""
    if isinstance(text, bool):
        return
    if not isinstance(text, str):
        yield ConditionFinding("condition_invalid", "The condition must be a text.")
        return
    condition = parse_condition(text)
    if condition.error:
        message = f"The condition “{text}” cannot be read: {condition.error}."
        yield ConditionFinding("condition_invalid", message)
        return
    for name in condition.names:
        yield from _check_name(name, surroundings, context=context)
    for comparison in condition.comparisons:
        yield from _check_comparison(comparison, surroundings)


def _check_name(
    name: str, surroundings: Surroundings, *, context: bool
) -> Iterator[ConditionFinding]:
    if _STAND_IN in name or (context and name.startswith("context.")):
        return
    if not name.startswith("slots."):
        likely = name in surroundings.slots
        hint = f"Write slots.{name}." if likely else f"Put “{name}” in quotes if it is a text."
        message = f"“{name}” is neither a slot (slots.…) nor context.…. {hint}"
        yield ConditionFinding("condition_without_namespace", message)
        return
    slot = name.removeprefix("slots.")
    if slot not in surroundings.slots and slot not in defaults.SLOTS:
        message = f"The condition uses the slot “{slot}”, which does not exist."
        yield ConditionFinding("slot_missing", message, slot)


def _check_comparison(
    comparison: Comparison, surroundings: Surroundings
) -> Iterator[ConditionFinding]:
    slot = comparison.name.removeprefix("slots.")
    facts = surroundings.slots.get(slot)
    if facts is None or comparison.operator not in _COMPARISONS_OF_VALUES:
        return
    value = comparison.value
    if value is None or isinstance(value, pypred.ast.Node):
        return
    if isinstance(value, str) and not comparison.quoted:
        yield from _check_unquoted(slot, value)
    elif "categorical" in facts.type:
        allowed = {word.casefold() for word in facts.values}
        if _word(value).casefold() not in allowed:
            known = ", ".join(facts.values)
            message = f"“{_word(value)}” is not a value of the slot “{slot}” ({known})."
            yield ConditionFinding("condition_value_unknown", message, slot)
    elif facts.type == "bool" and not isinstance(value, bool):
        message = f"The slot “{slot}” is true or false; compare it with true or false, not quoted."
        yield ConditionFinding("condition_not_boolean", message, slot)


def _check_unquoted(slot: str, value: str) -> Iterator[ConditionFinding]:
    if not value.startswith(("slots.", "context.")) and _STAND_IN not in value:
        message = f"Put “{value}” in quotes to compare the slot “{slot}” with that text."
        yield ConditionFinding("condition_value_not_quoted", message, slot)


def _word(value: Any) -> str:
    """A number of a condition is always a float; `5` and `5.0` are the same value."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
