"""Values for slots in what a user says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rapidfuzz import fuzz, process

from modelservice.calm.project.domain import Slot
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import identifier_words, plain, words

_NUMBER = re.compile(r"[-+]?\d[\d.,'’ ]*\d|[-+]?\d")
_SIMILAR_ENOUGH = 84
_LONGEST_VALUE = 120


def number_in(text: str, language: Language) -> float | None:
    """The number a text names in digits or words; None for none or for several."""
    found = [_parsed_number(match) for match in _NUMBER.findall(text)]
    numbers = [number for number in found if number is not None]
    if not numbers:
        return _spoken_number(words(text), language)
    return numbers[0] if len(set(numbers)) == 1 else None


def _parsed_number(text: str) -> float | None:
    """`1.204,50`, `1,204.50`, `1 204` and `2.5` are all numbers."""
    digits = re.sub(r"[ '’]", "", text)
    separators = [mark for mark in digits if mark in ".,"]
    if separators:
        last = separators[-1]
        decimals = len(digits) - digits.rindex(last) - 1
        is_decimal = len(set(separators)) == 2 or (len(separators) == 1 and decimals != 3)
        head, tail = digits[: digits.rindex(last)], digits[digits.rindex(last) + 1 :]
        head = head.replace(".", "").replace(",", "")
        digits = f"{head}.{tail}" if is_decimal else f"{head}{tail}"
    try:
        return float(digits)
    except ValueError:
        return None


def _spoken_number(spoken: list[str], language: Language) -> float | None:
    total, current, seen = 0, 0, False
    for word in spoken:
        if word in language.numbers:
            current += language.numbers[word]
        elif word in language.multipliers:
            current = max(current, 1) * language.multipliers[word]
            if language.multipliers[word] >= 1000:
                total, current = total + current, 0
        else:
            continue
        seen = True
    return float(total + current) if seen else None


def category_in(text: str, slot: Slot) -> str | None:
    """The allowed value that a text names, typing errors forgiven."""
    spoken = f" {plain(text)} "
    named = [value for value in slot.values if f" {plain(identifier_words(value))} " in spoken]
    if named:
        return max(named, key=len)
    choices = {value: plain(identifier_words(value)) for value in slot.values}
    best: tuple[float, str] | None = None
    for word in [*words(text), plain(text)]:
        match = process.extractOne(word, choices, scorer=fuzz.ratio, score_cutoff=_SIMILAR_ENOUGH)
        if match is not None and len(word) > 3 and (best is None or match[1] > best[0]):
            best = (match[1], match[2])
    return None if best is None else best[1]


_NEGATIONS = ("un", "in", "dis", "not", "no", "nicht", "kein")


def are_opposites(values: Sequence[str]) -> bool:
    """Two values of which the second denies the first, such as `satisfied` and `unsatisfied`: only
    then do yes and no name one of them."""
    if len(values) != 2:
        return False
    first, second = (plain(identifier_words(value)).replace(" ", "") for value in values)
    return any(second == negation + first for negation in _NEGATIONS)


def answer_text(text: str, language: Language) -> str:
    """The whole answer without its introduction: `my name is Ana` → `Ana`."""
    answer = text.strip().rstrip(".!").strip()
    changed = True
    while changed:
        changed = False
        for introduction in language.introductions:
            lowered = answer.casefold()
            if lowered.startswith(introduction + " ") and len(answer) > len(introduction) + 1:
                answer = answer[len(introduction) :].lstrip(" ,:")
                changed = True
                break
    return answer[:_LONGEST_VALUE]


def name_in(text: str, language: Language) -> str | None:
    """A name inside a sentence: capitalised words after `to`, `for`, `an` …"""
    tokens = text.replace(",", " , ").split()
    for index, token in enumerate(tokens[:-1]):
        if token.casefold() not in language.name_markers:
            continue
        name = []
        for word in tokens[index + 1 :]:
            if not word[:1].isupper():
                break
            name.append(word.strip(".,!?;:"))
            if word[-1:] in ".,!?;:":
                break
        if name:
            return " ".join(name)
    return None
