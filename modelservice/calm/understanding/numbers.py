"""Numbers in what a user says."""

from __future__ import annotations

import re

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import words

_NUMBER = re.compile(r"[-+]?\d[\d.,'’ ]*\d|[-+]?\d")


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
