"""Conditions of flows, guards, rejections and responses (pypred syntax, Jinja first)."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import ply.lex
import ply.yacc
import pypred.ast
import pypred.parser
from jinja2 import TemplateError

from modelservice.calm.dialogue.expressions import LinearExpression, UnsuitableExpression
from modelservice.calm.dialogue.templates import render
from modelservice.calm.errors import ConditionError

logger = logging.getLogger(__name__)
# Conditions that hold a long value, filled in by a template, are not kept.
_LONGEST_KEPT = 1000
# What a comparison of values that cannot be compared raises.
UNFIT = (TypeError, ValueError, AttributeError, re.error, TemplateError)

_parsing = threading.Lock()


@lru_cache(maxsize=1)
def _parser_and_lexer() -> tuple[Any, Any]:
    # pypred builds (and tries to write to disk) its tables for every predicate; once is enough.
    quiet = ply.yacc.NullLogger()
    lexer = ply.lex.lex(module=pypred.parser, errorlog=quiet)
    parser = ply.yacc.yacc(module=pypred.parser, debug=False, write_tables=False, errorlog=quiet)
    return parser, lexer


class Condition:
    """A parsed condition. The constructor raises `ConditionError` on bad syntax."""

    def __init__(self, text: str) -> None:
        self.text = text
        with _parsing:
            self._tree = self._parse(text)

    @staticmethod
    def _parse(text: str) -> Any:
        parser, lexer = _parser_and_lexer()
        parser.errors, lexer.errors, lexer.lineno, lexer.parser = [], [], 1, parser
        try:
            tree = parser.parse(text, lexer=lexer)
        except (SyntaxError, RecursionError) as error:
            raise ConditionError(f"the condition '{text}' is not complete") from error
        if parser.errors or lexer.errors or tree is None:
            raise ConditionError(f"the condition '{text}' cannot be parsed")
        valid, problems = tree.validate()
        if not valid:
            reason = "; ".join(problems["errors"])
            raise ConditionError(f"the condition '{text}' is not valid: {reason}")
        for node in _nodes(tree):
            if isinstance(node, pypred.ast.MatchOperator):
                node.right = _LinearRegex(node.right.value)
        return tree

    def evaluate(self, document: Mapping[str, Any]) -> bool:
        """True or false; raises whatever a comparison of unfit values raises."""
        return bool(self._tree.evaluate(_Resolver(), document))

    def identifiers(self) -> set[str]:
        """Unquoted names that the condition refers to, such as `slots.amount`."""
        return {
            node.value
            for node in _nodes(self._tree)
            if isinstance(node, pypred.ast.Literal) and node.value[0] not in "'\""
        }


class _Resolver:
    """Looks names up the way pypred's own predicate does, but only ever inside maps."""

    def resolve_identifier(self, document: Any, identifier: str) -> Any:
        if identifier[0] == identifier[-1] and identifier[0] in "'\"":
            return identifier[1:-1]
        value = document
        for part in identifier.split("."):
            if not isinstance(value, Mapping) or part not in value:
                return pypred.ast.Undefined()
            value = value[part]
        return value


class _LinearRegex(pypred.ast.Regex):  # type: ignore[misc]  # pypred has no types
    """A regular expression in pypred's tree that is evaluated by our own engine."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        try:
            self._expression = LinearExpression(pattern)
        except UnsuitableExpression as error:
            raise ConditionError(f"the regular expression '{pattern}' {error}") from error

    def eval(self, ctx: Any) -> Any:
        return self

    def search(self, text: str) -> bool | None:
        """As pypred asks it: None means that nothing fits."""
        return self._expression.search(text) or None


def _nodes(node: Any) -> list[Any]:
    if node is None:
        return []
    children = [getattr(node, "left", None), getattr(node, "right", None)]
    members = getattr(node, "value", None)
    if isinstance(members, (list, set, frozenset)):
        children.extend(members)
    found = [node]
    for child in children:
        if isinstance(child, pypred.ast.Node):
            found.extend(_nodes(child))
    return found


@lru_cache(maxsize=4096)
def compile_condition(text: str) -> Condition:
    return Condition(text)


def holds(text: str, *, slots: Mapping[str, Any], context: Mapping[str, Any] | None = None) -> bool:
    """Evaluate a condition; a comparison that fails (null > 3) counts as false.

    Raises `ConditionError` if the text is no condition.
    """
    try:
        return evaluate(text, slots=slots, context=context)
    except UNFIT as error:
        logger.warning("condition '%s' counts as false: %s", text, error)
        return False


def evaluate(
    text: str, *, slots: Mapping[str, Any], context: Mapping[str, Any] | None = None
) -> bool:
    """As `holds`, but lets the error of an unfit comparison through."""
    rendered = render(text, {"context": context or {}}) if "{" in text else text
    document = {"slots": slots, "context": context or {}}
    known = len(rendered) <= _LONGEST_KEPT
    condition = compile_condition(rendered) if known else Condition(rendered)
    return condition.evaluate(document)
