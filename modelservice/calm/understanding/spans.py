"""Dates, times, amounts, addresses and other things of a known shape inside a sentence.

What the months are called and how a time is said comes from the word lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from modelservice.calm.understanding.language import Language

DATE, TIME, MONEY, NUMBER, EMAIL, PHONE, ADDRESS, NAME = (
    "date", "time", "money", "number", "email", "phone", "address", "name",
)  # fmt: skip
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_PHONE = r"\+?\d[\d\s()/.-]{6,}\d"
_CLOCK_DIGITS = r"\d{1,2}(?:[:.h]\d{2})?"
_PLAIN_NUMBER = r"(?<![\w.,])[-+]?\d+(?:[.,'’ ]\d{3})*(?:[.,]\d+)?(?![\w])"
_NUMERIC_DATE = (
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?(?![\d:])|\d{1,2}-\d{1,2}-\d{2,4}"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a sentence; `start` and `end` are places in it, `text` is as it was said."""

    kind: str
    start: int
    end: int
    text: str


class SpanFinder:
    """Finds spans by the word lists of a language."""

    def __init__(self, language: Language) -> None:
        dates, times = language.lists["dates"], language.lists["times"]
        currencies, numbers = (
            language.phrases["currency"],
            [*language.numbers, *language.multipliers],
        )
        number = rf"(?:\d[\d.,'’]*\d|\d)(?:\s?(?:{_any(['k', 'thousand', 'million'])}))?(?!\w)"
        signs = "[$€£¥₹]"
        self._numbers = _any(numbers)
        self._patterns = (
            (EMAIL, _compiled(_EMAIL)),
            (DATE, _compiled(_date(dates))),
            (TIME, _compiled(_time(times, self._numbers))),
            (
                MONEY,
                _compiled(rf"{signs}\s?{number}|{number}\s?(?:{signs}|(?:{_any(currencies)})\b)"),
            ),
            (PHONE, _compiled(_PHONE)),
            (
                NUMBER,
                _compiled(
                    rf"{_PLAIN_NUMBER}|\b(?:{self._numbers})(?:[\s-]+(?:{self._numbers}))*\b"
                ),
            ),
        )

    def find(self, text: str) -> list[Span]:
        """Spans in their order; they do not overlap, earlier kinds win."""
        found: list[Span] = []
        for kind, pattern in self._patterns:
            for match in pattern.finditer(text):
                if match["it"] and not _overlaps(found, match.start("it"), match.end("it")):
                    found.append(_trimmed(kind, match))
        return sorted(found, key=lambda span: span.start)


def _trimmed(kind: str, match: re.Match[str]) -> Span:
    text = match["it"]
    return Span(kind, match.start("it"), match.start("it") + len(text), text)


def _overlaps(found: Iterable[Span], start: int, end: int) -> bool:
    return any(start < span.end and span.start < end for span in found)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<it>{pattern})", re.IGNORECASE)


def _any(phrases: Iterable[str]) -> str:
    """An alternative of phrases, the longest first; one that never matches for none."""
    found = sorted({str(phrase) for phrase in phrases}, key=len, reverse=True)
    return "|".join(_phrase(phrase) for phrase in found) if found else r"(?!)"


def _phrase(phrase: str) -> str:
    return r"\s+".join(re.escape(word) for word in phrase.split())


def _date(words: Mapping[str, Sequence[str]]) -> str:
    day = rf"\d{{1,2}}(?:{_any([*words.get('ordinal_endings', []), '.'])})?"
    month = rf"(?:{_any(words.get('months', []))})\b\.?"
    of = rf"(?:(?:{_any(words.get('of', []))})\s+)?"
    ordinal = rf"\d{{1,2}}(?:{_any(words.get('ordinal_endings', []))})\b"
    this_month = rf"\s+(?:{_any(words.get('of_month', []))})\b"
    before, after = _any(words.get("before", [])), _any(words.get("after", []))
    parts = [
        rf"\b{day}\s+{of}{month}(?:,?\s+\d{{4}}\b)?",
        rf"\b{month}\s+{day}(?!\w|:)(?:,?\s+\d{{4}}\b)?",
        rf"\b{ordinal}{this_month}",
        rf"\b(?:(?:{_any(words.get('the', []))})\s+)?{ordinal}(?!{this_month}|\s+{of}{month})",
        rf"\b(?:(?:{before})\s+)?(?:{_any(words.get('weekdays', []))})\b(?:\s+(?:{after})\b)?",
        rf"\b(?:{_any(words.get('relative', []))})\b",
        rf"(?<!\d)(?:{_NUMERIC_DATE})",
    ]
    return "|".join(parts)


def _time(words: Mapping[str, Sequence[str]], numbers: str) -> str:
    """A clock time needs a sign that it is one: a colon, `pm`, `half past`, `in the evening`."""
    part, fraction = _any(words.get("parts", [])), _any(words.get("fractions", []))
    mark, after = _any(words.get("marks", [])), _any(words.get("after", []))
    clock = rf"(?:{_CLOCK_DIGITS}|\b(?:{numbers})\b)"
    tail = rf"(?:\s*(?:{after})(?!\w))"
    parts = [
        rf"\b(?:{part})\s+(?:(?:{fraction})\s+)?{clock}(?!\w)(?:\s*(?:{mark})(?!\w))?{tail}?",
        rf"\b(?:{fraction})\s+{clock}(?!\w)(?:\s*(?:{mark})(?!\w))?{tail}*",
        rf"(?<!\w){clock}\s*(?:{mark})(?!\w)(?:\s?\d{{2}}\b)?{tail}*",
        rf"(?<!\w){clock}{tail}+",
        r"(?<![\w.,])(?:[01]?\d|2[0-3])[:h][0-5]\d(?!\w)",
        rf"\b(?:{_any(words.get('alone', []))})\b",
    ]
    return "|".join(parts)
