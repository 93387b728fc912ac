"""Dates, times, amounts, addresses and other things of a known shape inside a sentence.

What the months are called and how a time is said comes from the word lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import folded, stem, words

DATE, TIME, MONEY, NUMBER, EMAIL, PHONE, ADDRESS, NAME, WORD = (
    "date", "time", "money", "number", "email", "phone", "address", "name", "word",
)  # fmt: skip
# All repetitions have an end: a long row of digits must not be tried from each of them anew.
_EMAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,9}"
_PHONE = r"\+?\d[\d\s()/.-]{6,28}\d"
_CLOCK_DIGITS = r"\d{1,2}(?:[:.h]\d{2})?"
# Not the digits of `A-4432`, which is no number.
_PLAIN_NUMBER = (
    r"(?<![\w.,])(?<![^\W\d_]-)[-+]?\d{1,40}(?:[.,'’ ]\d{3}){0,9}(?:[.,]\d{1,40})?(?![\w])"
)
_DIGITS = r"\d{1,3}(?: \d{3}){1,9}(?:[.,]\d{1,40})?|\d[\d.,'’]{0,40}\d|\d"
_SIGNS = "[$€£¥₹]"
_NUMERIC_DATE = (
    # With dots it needs a second one: `12.50` is an amount.
    r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\d:])"
    r"|\d{1,2}\.\d{1,2}\.(?:\d{2,4})?(?![\d:])|\d{1,2}-\d{1,2}-\d{2,4}"
)
_DAY = re.compile(r"[0-3]?\d(?:[^\W\d_]{2})?(?![\w])")
_IS_DAY = re.compile(r"[0-3]?\d(?:[^\W\d_]{2})?")


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
        number = rf"(?:{_DIGITS})(?:\s?(?:{_any(['k', *language.multipliers])}))?(?!\w)"
        money = rf"(?:{_SIGNS}|(?:{_any(language.phrases['currency'])})\b)"
        numbers = _any([*language.numbers, *language.multipliers])
        spoken = _spoken_number(language, numbers)
        self._patterns = (
            (EMAIL, _compiled(_EMAIL)),
            (DATE, _compiled(_date(dates))),
            (TIME, _compiled(_time(times, language.numbers, money))),
            (MONEY, _compiled(rf"{_SIGNS}\s?{number}|{number}\s?{money}|{spoken}\s+{money}")),
            (PHONE, _compiled(_PHONE)),
            (NUMBER, _compiled(rf"{_PLAIN_NUMBER}|{spoken}")),
        )

    def find(self, text: str) -> list[Span]:
        """Spans in their order; they do not overlap, earlier kinds win."""
        found: list[Span] = []
        folded_text = folded(text)
        for kind, pattern in self._patterns:
            for match in pattern.finditer(folded_text):
                if match["it"] and not _overlaps(found, match.start("it"), match.end("it")):
                    found.append(_span(kind, match.start("it"), match["it"], text))
        return sorted(found, key=lambda span: span.start)


def _span(kind: str, start: int, matched: str, text: str) -> Span:
    """Without the full stop of the sentence; that of `12.5.` belongs to the date."""
    if kind == DATE and matched.endswith(".") and matched[-2].isalpha():
        matched = matched[:-1]
    end = start + len(matched)
    return Span(kind, start, end, text[start:end])


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
    endings = words.get("ordinal_endings", [])
    day = rf"\d{{1,2}}(?:{_any([*endings, '.'])})?"
    month = rf"(?:{_any(words.get('months', []))})\b\.?"
    of = rf"(?:(?:{_any(words.get('of', []))})\s+)?"
    ordinal = rf"\d{{1,2}}(?:{_any(ending for ending in endings if ending != '.')})(?!\w)"
    the_ordinal = rf"(?:{_any(words.get('the', []))})\s+[0-3]?\d(?:{_any(endings)})(?!\w)"
    this_month = rf"\s+(?:{_any(words.get('of_month', []))})\b"
    before, after = _any(words.get("before", [])), _any(words.get("after", []))
    not_behind = "".join(rf"(?<!\b{word} )" for word in words.get("not_behind", []))
    parts = [
        rf"\b{day}\s+{of}{month}(?:,?\s+{of}\d{{4}}\b)?",
        rf"\b{month}\s+{day}(?!\w|:)(?:,?\s+\d{{4}}\b)?",
        rf"\b{ordinal}{this_month}",
        rf"\b(?:{the_ordinal}|{ordinal})(?!{this_month}|\s+{of}{month})",
        rf"\b(?:(?:{before})\s+)?(?:{_any(words.get('weekdays', []))})\b(?:\s+(?:{after})\b)?",
        rf"{not_behind}\b(?:{_any(words.get('relative', []))})\b",
        rf"(?<!\d)(?:{_NUMERIC_DATE})",
    ]
    return "|".join(parts)


def _spoken_number(language: Language, numbers: str) -> str:
    """Words for numbers in a row, `treinta y cinco` too; `una` only where something is counted."""
    tens = _any(_within(language.numbers, range(20, 100, 10)))
    ones = _any(_within(language.numbers, range(20)))
    joint, article = _any(language.phrases["number_joint"]), _any(language.phrases["article"])
    things = rf"(?:{_any(language.multipliers)})\b|(?:{_any(language.units)})"
    counted = rf"\s+(?:{things})|\s*(?:[.,;!?]|$)"
    # `hundred and forty`, but not `five and forty`.
    number = rf"(?:(?:{tens})\s+(?:{joint})\s+(?:{ones})|{numbers})"
    number = rf"(?:(?:{_any(language.multipliers)})\s+(?:{joint})\s+{number}|{number})"
    return rf"\b(?!(?:{article})\b(?!{counted})){number}(?:[\s-]+{number})*\b"


def _within(numbers: Mapping[str, int], values: range) -> list[str]:
    return [word for word, value in numbers.items() if value in values]


def _time(words: Mapping[str, Sequence[str]], numbers: Mapping[str, int], money: str) -> str:
    """A clock time needs a sign that it is one: a colon, `pm`, `half past`, `in the evening`."""
    part, fraction = _any(words.get("parts", [])), _any(words.get("fractions", []))
    mark, after = _any(words.get("marks", [])), _any(words.get("after", []))
    ones = _any(_within(numbers, range(1, 10)))
    minutes = rf"(?:{_any(_within(numbers, range(10, 60)))})(?:[\s-](?:{ones}))?"
    hour = rf"(?:{_any(_within(numbers, range(25)))})(?:[\s-](?:{minutes}))?"
    clock = rf"(?:{_CLOCK_DIGITS}|\b{hour}\b)"
    tail = rf"(?:\s*(?:{after})(?!\w))"
    parts = [
        rf"\b(?:{part})\s+(?:(?:{fraction})\s+)?{clock}(?!\w|\s?{money})"
        rf"(?:\s*(?:{mark})(?!\w))?{tail}*",
        rf"\b(?:{fraction})\s+{clock}(?!\w)(?:\s*(?:{mark})(?!\w))?{tail}*",
        rf"(?<!\w){clock}\s*(?:{mark})(?!\w)(?:\s?\d{{2}}\b|\s{minutes}\b)?{tail}*",
        rf"(?<!\w){clock}{tail}+",
        r"(?<![\w.,])(?:[01]?\d|2[0-3])[:h][0-5]\d(?!\w)",
        rf"\b(?:{_any(words.get('alone', []))})\b",
    ]
    return "|".join(parts)


def inherit_months(spans: Sequence[Span], text: str, language: Language) -> list[Span]:
    """`the 17th` of `from March 3rd to the 17th` is `March 17th`."""
    found: list[Span] = []
    for span in spans:
        before = found[-1] if found else None
        if before is not None and _ends_range(before, span, text, language):
            day = _DAY.search(span.text)
            same = "" if day is None else _DAY.sub(day[0], before.text, count=1)
            found.append(Span(DATE, span.start, span.end, same))
        else:
            found.append(span)
    return found


def _ends_range(first: Span, second: Span, text: str, language: Language) -> bool:
    """A day without a month, which only words such as `to` part from a date with one."""
    months = language.lists["dates"].get("months", ())
    lists, between = language.lists, words(text[first.end : second.start])
    until = set(lists["sides"].get("end", ())) - set(lists["markers"].get("loose", ()))
    the = set(lists["dates"].get("the", ()))
    following = words(text[second.end :])[:1]
    return (
        first.kind == DATE
        and any(word in months for word in words(first.text))
        and _IS_DAY.fullmatch(" ".join(w for w in words(second.text) if w not in the)) is not None
        and second.kind in (DATE, NUMBER)
        and not any(stem(word) in language.units for word in following)  # `to 4 people`
        and bool(until & set(between))
        and set(between) <= until | the
    )
