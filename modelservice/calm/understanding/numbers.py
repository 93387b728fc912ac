"""Numbers in what a user says."""

from __future__ import annotations

import re

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import folded, words

_NUMBER = re.compile(r"[-+]?\d[\d.,'’ ]*\d|[-+]?\d")
_NEXT_WORD = re.compile(r"\s*([^\W\d_]+)")


def number_in(text: str, language: Language) -> float | None:
    """The number a text names in digits or words; None for none or for several."""
    numbers = [
        number * _multiplier_at(text, match.end(), language)
        for match in _NUMBER.finditer(text)
        if (number := _parsed_number(match[0])) is not None
    ]
    if not numbers:
        return _spoken_number(words(text), language)
    return numbers[0] if len(set(numbers)) == 1 else None


def bare_number(text: str, language: Language) -> str | None:
    """The number as digits, without its currency: `50` of `fifty euros`."""
    number = number_in(text, language)
    return None if number is None else f"{number:.10g}"


def _multiplier_at(text: str, place: int, language: Language) -> int:
    """1000 behind the digits of `20 thousand`; the hundred of French is a coin of English."""
    following = _NEXT_WORD.match(text, place)
    word = folded(following[1]) if following else ""
    value = 1000 if word == "k" else language.multipliers.get(word, 1)
    return value if value >= 1000 else 1


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
    place = 0
    while place < len(spoken):
        pair = " ".join(spoken[place : place + 2])  # `quatre vingt` is no sum
        word = pair if pair in language.numbers else spoken[place]
        place += len(word.split())
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
