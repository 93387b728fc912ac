"""`{slot}` in the texts of responses: which there are, and filling them in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# A doubled brace is one that is meant. A placeholder never goes over a line.
_WRITTEN = re.compile(r"\{\{|\}\}|\{(?P<name>[^\n{}]*)\}")


@dataclass(slots=True)
class Filled:
    """`unknown` are the names that stay as they are written, each once."""

    text: str
    unknown: list[str] = field(default_factory=list)


def names_in(text: str) -> list[str]:
    """Names of the placeholders, each once; that of `{}` is empty."""
    found = (match["name"] for match in _WRITTEN.finditer(text))
    return list(dict.fromkeys(name for name in found if name is not None))


def with_name(text: str, old: str, new: str) -> str:
    """The text with another name in the placeholders of `old`."""
    return _WRITTEN.sub(lambda match: f"{{{new}}}" if match["name"] == old else match[0], text)


def fill(text: str, values: Mapping[str, Any], as_text: Callable[[Any], str] = str) -> Filled:
    """The text with the values of all names that are known."""
    filled = Filled(text)

    def replaced(match: re.Match[str]) -> str:
        name = match["name"]
        if name is None:
            return match[0][0]
        if name in values:
            return as_text(values[name])
        if name not in filled.unknown:
            filled.unknown.append(name)
        return match[0]

    filled.text = _WRITTEN.sub(replaced, text)
    return filled
