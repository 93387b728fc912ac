"""A condition as a project holds it: which names it speaks of, and with what it compares them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from modelservice.project.conditions.syntax import (
    Compare,
    ConditionError,
    Name,
    Node,
    Value,
    nodes,
    parse,
)

# Rendered with the context before it is parsed; until then nobody knows what it will be.
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_JINJA_START = re.compile(r"\{[{%#]")
STAND_IN = "jinja_value"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`name = value` or `name != value`; of an unquoted word, `word` is it and `value` is None."""

    name: str
    value: str | float | bool | None
    word: str | None = None


@dataclass(frozen=True, slots=True)
class ConditionFacts:
    """`error` is what stops the condition; of one with Jinja it may be gone when it is rendered.

    `names` are those that are looked up, without unquoted words on the right of a comparison;
    `words` are these."""

    error: ConditionError | None = None
    has_jinja: bool = False
    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    comparisons: tuple[Comparison, ...] = ()

    @property
    def slots(self) -> tuple[str, ...]:
        """Names of the slots that it speaks of, each once."""
        found = (name for name in (*self.names, *self.words) if name.startswith("slots."))
        return tuple(dict.fromkeys(name.removeprefix("slots.") for name in found))


@lru_cache(maxsize=20_000)
def read_condition(text: str) -> ConditionFacts:
    """Never raises: what is wrong is `error`."""
    has_jinja = bool(_JINJA_START.search(text))
    try:
        tree = parse(_JINJA.sub(STAND_IN, text) if has_jinja else text)
    except ConditionError as error:
        return ConditionFacts(error, has_jinja)
    compared = {id(node.right) for node in nodes(tree) if isinstance(node, Compare)}
    names: list[str] = []
    words: list[str] = []
    for node in nodes(tree):
        if isinstance(node, Name):
            (words if id(node) in compared else names).append(node.name)
    return ConditionFacts(
        has_jinja=has_jinja,
        names=tuple(dict.fromkeys(names)),
        words=tuple(dict.fromkeys(words)),
        comparisons=tuple(_comparisons(tree)),
    )


def _comparisons(tree: Node) -> Iterator[Comparison]:
    for node in nodes(tree):
        if not isinstance(node, Compare) or node.operator not in ("=", "!="):
            continue
        if not isinstance(node.left, Name):
            continue
        if isinstance(node.right, Value):
            yield Comparison(node.left.name, node.right.value)
        elif isinstance(node.right, Name):
            yield Comparison(node.left.name, None, node.right.name)
