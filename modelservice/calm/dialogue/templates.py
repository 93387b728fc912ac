"""Jinja2 in a sandbox: the templates are written by authors, who are not trusted with code.

The sandbox forbids access. Here a template also has an allowance of work and time for each use, so
that no loop, recursion or growing value can stop the assistant or fill its memory.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any

from jinja2 import Template, nodes
from jinja2.exceptions import SecurityError, TemplateError, TemplateRuntimeError
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from modelservice.project.prompts import LEFT_OUT_FILTERS, LEFT_OUT_GLOBAL, RASA_FILTER

# What a template may put out at most; the rest is cut off.
MAX_RENDERED_CHARACTERS = 100_000
# Characters and list items that one use of a template may handle for each that it may put out, and
# how long it may take.
_WORK_PER_CHARACTER = 12
_MAX_SECONDS = 0.5
# Looking at the clock costs more than counting.
_CHARGES_BETWEEN_LOOKS = 1000
_LARGEST_WIDTH = 1000
_WIDE_FORMAT = re.compile(r"\d{4}|\*|\{[^{}]*\{")
# Filters and methods that take a width, and those that nobody needs in a chat.
_WITH_WIDTH = frozenset({"batch", "center", "indent", "slice", "truncate", "wordwrap"})
_LEFT_OUT_METHODS = frozenset(
    {
        "center",
        "expandtabs",
        "format_map",
        "join",
        "ljust",
        "replace",
        "rjust",
        "translate",
        "zfill",
    }
)


class _Allowance:
    def __init__(self, work: int) -> None:
        self._left = work
        self._charges = 0
        self._deadline = time.monotonic() + _MAX_SECONDS

    def charge(self, units: int) -> None:
        self._left -= units
        if self._left < 0:
            raise SecurityError("the template does too much")
        self._charges += 1
        if self._charges % _CHARGES_BETWEEN_LOOKS == 0:
            self.check_time()

    def check_time(self) -> None:
        if time.monotonic() > self._deadline:
            raise SecurityError("the template takes too long")


_allowance: ContextVar[_Allowance] = ContextVar("allowance")


def _charge(units: int) -> None:
    _allowance.get().charge(units)


def _weighed(value: Any) -> Any:
    """The value, once it is known that writing it out is within the allowance."""
    if isinstance(value, str):
        _charge(len(value))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _weighed(key)
            _weighed(item)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            _weighed(item)
    _charge(1)
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**15)


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "+", "%"})

    def __init__(self) -> None:
        super().__init__(finalize=_weighed)
        del self.globals[LEFT_OUT_GLOBAL]
        self.filters = {
            name: _guarded(name, function)
            for name, function in self.filters.items()
            if name not in LEFT_OUT_FILTERS
        }

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        _Counting().visit(tree)
        tree.set_environment(self)
        return tree

    def count(self, characters: int) -> str:
        """One round of a loop or one call of a macro, which writes this much text of its own."""
        _charge(100 + characters)
        _allowance.get().check_time()
        return ""

    def concatenated(self, *values: Any) -> str:
        return "".join(str(_weighed(value)) for value in values)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if isinstance(obj, str) and attr in _LEFT_OUT_METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        wrapped = super().wrap_str_format(value)
        if wrapped is not None:
            _check_format(value.__self__)
        return wrapped

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        return _weighed(super().call(context, obj, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator == "%" and isinstance(left, str):
            _check_format(left)
        elif operator == "+":
            _weighed(left), _weighed(right)
        elif operator == "**" or not (_is_number(left) and _is_number(right)):
            raise SecurityError(f"'{operator}' is only for the product of numbers here")
        return super().call_binop(context, operator, left, right)


class _Counting(NodeTransformer):
    """Has every round and every joining of texts counted."""

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> nodes.Node:
        self.generic_visit(node)
        if isinstance(node, (nodes.For, nodes.Macro, nodes.CallBlock)):
            characters = sum(len(item.data) for item in node.find_all(nodes.TemplateData))
            count = _call("count", [nodes.Const(characters)], node.lineno)
            node.body.insert(0, nodes.ExprStmt(count, lineno=node.lineno))
        if isinstance(node, nodes.Concat):
            return _call("concatenated", node.nodes, node.lineno)
        return node


def _call(method: str, arguments: list[nodes.Expr], line: int) -> nodes.Call:
    return nodes.Call(nodes.EnvironmentAttribute(method), arguments, [], None, None, lineno=line)


def _check_format(text: str) -> None:
    if _WIDE_FORMAT.search(text):
        raise SecurityError("a format must say its width in figures, and none above 999")


def _guarded(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, which weighs what it is given and what it makes of that."""

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        values = [list(arg) if isinstance(arg, Iterator) else arg for arg in args]
        given = [value for value in values if not isinstance(value, _PASSED)]
        for value in (*given, *kwargs.values()):
            _weighed(value)
        _check_growth(name, given, kwargs)
        return _weighed(function(*values, **kwargs))

    return guarded


_PASSED = (EvalContext, Context, ImmutableSandboxedEnvironment)


def _check_growth(name: str, given: list[Any], kwargs: Mapping[str, Any]) -> None:
    """Refuse or charge what makes much out of little."""
    options = [*given[1:], *kwargs.values()]
    if name in _WITH_WIDTH and any(isinstance(o, int) and o > _LARGEST_WIDTH for o in options):
        raise SecurityError(f"'{name}' is too wide")
    if name == "format" and given:
        _check_format(str(given[0]))
    if name in ("join", "replace") and given:
        longest = max((len(option) for option in options if isinstance(option, str)), default=0)
        size = 1 if isinstance(given[0], Undefined) else len(given[0]) + 1
        _charge(size * longest)


_environment = _Environment()
_environment.filters[RASA_FILTER] = json.dumps


@lru_cache(maxsize=4096)
def _template(text: str) -> Template:
    return _environment.from_string(text)


def render(text: str, variables: Mapping[str, Any], *, most: int = MAX_RENDERED_CHARACTERS) -> str:
    """Render a template. Raises `jinja2.TemplateError` if it is broken or forbidden."""
    token = _allowance.set(_Allowance(_WORK_PER_CHARACTER * most))
    try:
        return _template(text).render(variables)[:most]
    except TemplateError:
        raise
    except Exception as error:
        # Whatever a template does with its values: 1/0, a text plus a number, an endless recursion.
        raise TemplateRuntimeError(f"{type(error).__name__}: {error}") from error
    finally:
        _allowance.reset(token)
