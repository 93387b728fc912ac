"""Features of a sentence for the intent classifier.

Two views, each with a classifier of its own: its words (stems, neighbouring and next but one words,
groups of related words), and its letters, which forgive typing errors.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from modelservice.calm.understanding.language import Language, phrases_in
from modelservice.calm.understanding.text import stem, words

WORDS, LETTERS = "words", "letters"
VIEWS = (WORDS, LETTERS)
_LETTER_LENGTHS = (3, 4)
Part = list[str]


def parts_of(text: str, view: str, language: Language) -> list[Part]:
    """The features of a view in parts; each part weighs the same, however long it is."""
    return _word_parts(text, language) if view == WORDS else [_letters(text)]


def _word_parts(text: str, language: Language) -> list[Part]:
    spoken = tuple(stem(word) for word in words(text))
    framed = ["^", *spoken, "$"]
    groups, replaced = _related(spoken, language)
    return [
        list(spoken),
        _pairs(framed, 1, " "),
        _pairs(list(spoken), 2, " _ "),
        _pairs(["^", *replaced, "$"], 1, " + "),
        groups,
    ]


def _pairs(spoken: list[str], distance: int, between: str) -> Part:
    return [
        f"{first}{between}{second}"
        for first, second in zip(spoken, spoken[distance:], strict=False)
    ]


def _related(spoken: tuple[str, ...], language: Language) -> tuple[Part, list[str]]:
    """Groups of related words, and the sentence with each such word replaced by its group."""
    groups: Part = []
    replaced: list[str] = []
    place = 0
    for start, phrase in phrases_in(spoken, language.related):
        numbers = language.related[phrase]
        groups += [f"~{number}" for number in numbers]
        if start >= place:
            replaced += [*spoken[place:start], f"~{numbers[0]}"]
            place = start + len(phrase)
    return groups, [*replaced, *spoken[place:]]


def _letters(text: str) -> Part:
    return [
        f"#{padded[start : start + size]}"
        for word in words(text)
        for padded in [f" {word} "]
        for size in _LETTER_LENGTHS
        for start in range(len(padded) - size + 1)
    ]


def vector(parts: Iterable[Part], weight: Callable[[str], float | None]) -> Mapping[str, float]:
    """Weighted features; `weight` says how rare a feature is, None if it is unknown."""
    found: dict[str, float] = {}
    for part in parts:
        weighted = {
            name: (1 + math.log(count)) * rarity
            for name, count in Counter(part).items()
            if (rarity := weight(name)) is not None
        }
        length = math.sqrt(sum(value * value for value in weighted.values()))
        for name, value in weighted.items():
            found[name] = value / length
    return found
