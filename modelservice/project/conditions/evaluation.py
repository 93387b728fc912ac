"""What a condition yields on the values of slots and context, as pypred has it."""

from collections.abc import Callable, Mapping
from typing import Any

from modelservice.project.conditions.expressions import compile_expression
from modelservice.project.conditions.syntax import (
    Compare,
    Contains,
    Logic,
    Matches,
    Name,
    Node,
    Not,
    SetOf,
    Value,
    Word,
)

# What a comparison of values raises that cannot be compared, such as null > 3.
UNFIT = (TypeError, RecursionError)


class _Undefined:
    """A name that nothing stands for."""

    def __bool__(self) -> bool:
        return False

    def __contains__(self, _value: object) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (_Undefined, _Empty))

    def __ne__(self, other: object) -> bool:
        return not isinstance(other, _Undefined)

    def __hash__(self) -> int:
        return 0


class _Empty:
    """Equal to every text, list and map without content, and to what is undefined."""

    def __bool__(self) -> bool:
        return False

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (_Undefined, _Empty)):
            return True
        return hasattr(other, "__len__") and len(other) == 0

    def __hash__(self) -> int:
        return 0


_UNDEFINED, _EMPTY = _Undefined(), _Empty()
_ORDERED: dict[str, Callable[[Any, Any], bool]] = {
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}


def evaluate(tree: Node, document: Mapping[str, Any]) -> bool:
    """True or false.

    :raises TypeError, RecursionError: values that cannot be compared (`UNFIT`)
    """
    return bool(_value(tree, document))


def _value(node: Node, document: Mapping[str, Any]) -> Any:
    while isinstance(node, Logic):
        if bool(_value(node.left, document)) is (node.operator == "or"):
            return node.operator == "or"
        node = node.right
        if not isinstance(node, Logic):
            return bool(_value(node, document))
    return _EVALUATORS[type(node)](node, document)


def _name(node: Name, document: Mapping[str, Any]) -> Any:
    value: Any = document
    for part in node.name.split("."):
        if not isinstance(value, Mapping) or part not in value:
            return _UNDEFINED
        value = value[part]
    return value


def _set(node: SetOf, document: Mapping[str, Any]) -> frozenset[Any]:
    if not all(isinstance(member, (Name, Value)) for member in node.members):
        raise TypeError("a set holds values and names only")
    return frozenset(_value(member, document) for member in node.members)


def _compare(node: Compare, document: Mapping[str, Any]) -> bool:
    left, right = _value(node.left, document), _value(node.right, document)
    if node.operator == "=":
        return bool(left == right)
    if node.operator == "!=":
        return bool(left != right)
    if any(isinstance(side, (_Undefined, _Empty)) for side in (left, right)):
        return False
    return bool(_ORDERED[node.operator](left, right))


def _contains(node: Contains, document: Mapping[str, Any]) -> bool:
    left = _value(node.left, document)
    if not hasattr(left, "__contains__"):
        return False
    return _value(node.right, document) in left


def _matches(node: Matches, document: Mapping[str, Any]) -> bool:
    left = _value(node.left, document)
    return isinstance(left, str) and compile_expression(node.pattern).search(left)


_EVALUATORS: dict[type, Callable[[Any, Mapping[str, Any]], Any]] = {
    Name: _name,
    Value: lambda node, _document: node.value,
    Word: lambda node, _document: _UNDEFINED if node.word == "undefined" else _EMPTY,
    SetOf: _set,
    Compare: _compare,
    Contains: _contains,
    Matches: _matches,
    Not: lambda node, document: not _value(node.inner, document),
}
