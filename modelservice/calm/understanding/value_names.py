"""What the buttons of a question call the allowed values of its slot, in every language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import stem, stems, words

_SETS = re.compile(r"/SetSlots\(\s*([^\s=,()]+)\s*=\s*([^,()]*?)\s*\)")
# Allowed value → what tells each of its titles from those of other values, as stems.
ValueNames = Mapping[str, Sequence[frozenset[str]]]
NO_NAMES: ValueNames = MappingProxyType({})


def value_names(slot: str, question: Iterable[Mapping[str, Any]], language: Language) -> ValueNames:
    """The names by the variations of a slot's question: `Debit card` and `Credit card` are told
    apart by `debit` and `credit`."""
    titles = [
        (match[2], frozenset(stem(w) for w in words(title) if w not in language.stop_words))
        for button in _buttons(question)
        if (match := _SETS.fullmatch(str(button.get("payload", "")))) and match[1] == slot
        for title in _titles(button)
    ]
    values = {(value, name) for value, title in titles for name in title}
    common = {name for name, count in Counter(name for _, name in values).items() if count > 1}
    found: dict[str, list[frozenset[str]]] = {}
    for value, title in titles:
        if title - common:
            found.setdefault(value, []).append(title - common)
    return found


def _buttons(question: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for variation in question:
        buttons = variation.get("buttons")
        for button in buttons if isinstance(buttons, list) else ():
            if isinstance(button, Mapping):
                yield button


def _titles(button: Mapping[str, Any]) -> Iterator[str]:
    translations = button.get("translation")
    others = translations.values() if isinstance(translations, Mapping) else ()
    for said in (button, *others):
        if isinstance(said, Mapping) and isinstance(said.get("title"), str):
            yield said["title"]


def value_named(text: str, names: ValueNames, language: Language) -> str | None:
    """The only allowed value that a text calls by its button."""
    # `check my balance` does not name the `Checking account`.
    spoken = {said for said in stems(text) if (said,) not in language.actions}
    named = [value for value, titles in names.items() if any(t <= spoken for t in titles)]
    return named[0] if len(named) == 1 else None
