"""Entities of times, numbers, amounts of money, distances, e-mail addresses, phone numbers and
URLs, in the shape of Duckling's."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urlsplit

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.measures.moments import Moment, MomentReader
from modelservice.calm.understanding.measures.vocabulary import vocabulary
from modelservice.calm.understanding.numbers import number_in
from modelservice.calm.understanding.spans import (
    DATE,
    EMAIL,
    MONEY,
    NUMBER,
    PHONE,
    TIME,
    Span,
    SpanFinder,
)
from modelservice.calm.understanding.text import folded

EXTRACTOR = "DucklingEntityExtractor"
DIMENSIONS = (*("time", "number", "amount-of-money", "distance", "email", "phone-number", "url"),)
_LONGEST_TEXT = 1000
_URL = re.compile(
    r"(?<![\w@.])(?:https?://[^\s<>\"']{1,500}|www\.[^\s<>\"']{1,500}"
    r"|(?:[a-z0-9-]{1,63}\.){1,5}(?:com|org|net|info|io|eu|de|es|fr|uk|ch|at)\b(?:/[^\s<>\"']{0,500})?)"
    r"(?<![.,;:!?)])",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w.,])[-+]?\d{1,40}(?:[.,]\d{1,40}){0,9}(?!\w)")
# What stands between the parts of one moment: `tomorrow at five`, `mañana a las 5`.
_JOINT = re.compile(r"[\s,]*(?:at|um|gegen|a las|a la|a|à|le|on|am|el)?[\s,]*", re.IGNORECASE)
_NEXT_WORD = re.compile(r"\s?([^\W\d_]+)")
_SPACES = re.compile(r"[\s()/.-]")
Entity = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Found:
    """`value` is what Rasa takes for the entity's value, `details` what Duckling says besides."""

    dimension: str
    start: int
    end: int
    value: Any
    details: dict[str, Any]


class MeasureExtractor:
    """`names` are what the wanted dimensions are called in a project."""

    def __init__(
        self,
        language: Language,
        names: dict[str, str],
        *,
        zone: tzinfo = UTC,
        month_first: bool = False,
        clock: Callable[[tzinfo], datetime] = datetime.now,
    ) -> None:
        self._language = language
        self._names = names
        self._zone = zone
        self._clock = clock
        self._finder = SpanFinder(language)
        self._moments = MomentReader(language, month_first=month_first)
        self._distance = _distance_pattern()

    def extract(self, text: str) -> list[Entity]:
        """Entities in their order; they do not overlap."""
        text = text[:_LONGEST_TEXT]
        found: list[_Found] = []
        for item in self._candidates(text):
            if item.dimension in self._names and not _overlaps(found, item):
                found.append(item)
        return [self._as_entity(text, item) for item in sorted(found, key=lambda one: one.start)]

    def _candidates(self, text: str) -> Iterator[_Found]:
        """What is told apart most clearly first; a number is what is nothing else."""
        spans = self._finder.find(text)
        yield from (_email(span) for span in spans if span.kind == EMAIL)
        yield from _urls(text)
        yield from self._distances(text)
        yield from self._times(text, spans)
        for span in spans:
            if span.kind == MONEY:
                yield from self._money(span)
            elif span.kind == PHONE:
                yield _phone(span)
        for span in spans:
            if span.kind == NUMBER:
                yield from self._counted(text, span)
                yield from self._number(span)
        for match in _DIGITS.finditer(text):
            yield from self._number(Span(NUMBER, match.start(), match.end(), match[0]))

    def _as_entity(self, text: str, found: _Found) -> Entity:
        return {
            "entity": self._names[found.dimension],
            "start": found.start,
            "end": found.end,
            "text": text[found.start : found.end],
            "value": found.value,
            "confidence": 1.0,
            "additional_info": found.details,
            "extractor": EXTRACTOR,
        }

    # -- by dimension ----------------------------------------------------------------------

    def _number(self, span: Span) -> Iterator[_Found]:
        number = _plain(number_in(span.text, self._language))
        if number is not None:
            details = {"value": number, "type": "value"}
            yield _Found("number", span.start, span.end, number, details)

    def _counted(self, text: str, span: Span) -> Iterator[_Found]:
        """A number in words and what it counts: `two thousand euros`, `twenty five miles`, `20
        thousand`."""
        following = _NEXT_WORD.match(text, span.end)
        if following is None:
            return
        word, whole = folded(following[1]), text[span.start : following.end()]
        number = _plain(number_in(span.text, self._language))
        words = vocabulary()
        if number is not None and word in words.currencies:
            yield from self._money(Span(MONEY, span.start, following.end(), whole))
        elif number is not None and word in words.distances:
            details = {"value": number, "type": "value", "unit": words.distances[word]}
            yield _Found("distance", span.start, following.end(), number, details)
        elif word in self._language.multipliers:
            yield from self._number(Span(NUMBER, span.start, following.end(), whole))

    def _money(self, span: Span) -> Iterator[_Found]:
        amount = _plain(number_in(span.text, self._language))
        currencies = vocabulary().currencies
        said = folded(span.text)
        known = [word for word in re.findall(r"[^\W\d_]+|[$€£¥₹]", said) if word in currencies]
        if amount is not None:
            unit = currencies[known[-1]] if known else "unknown"
            details = {"value": amount, "type": "value", "unit": unit}
            yield _Found("amount-of-money", span.start, span.end, amount, details)

    def _distances(self, text: str) -> Iterator[_Found]:
        units = vocabulary().distances
        for match in self._distance.finditer(folded(text)):
            length = _plain(number_in(match["number"], self._language))
            if length is not None:
                details = {"value": length, "type": "value", "unit": units[match["unit"]]}
                yield _Found("distance", match.start(), match.end(), length, details)

    def _times(self, text: str, spans: list[Span]) -> Iterator[_Found]:
        now = self._clock(self._zone)
        rest = [span for span in spans if span.kind in (DATE, TIME)]
        while rest:
            span = rest.pop(0)
            parts = [span]
            if (
                rest
                and rest[0].kind != span.kind
                and _JOINT.fullmatch(text[span.end : rest[0].start])
            ):
                parts.append(rest.pop(0))
            moment = self._moment(parts, now)
            if moment is not None:
                value = moment.at.isoformat(timespec="milliseconds")
                one = {"value": value, "grain": moment.grain, "type": "value"}
                details = {"values": [one], **one}
                yield _Found("time", span.start, parts[-1].end, value, details)

    def _moment(self, parts: list[Span], now: datetime) -> Moment | None:
        by_kind = {span.kind: span.text for span in parts}
        day = self._moments.day(by_kind[DATE], now) if DATE in by_kind else None
        if TIME not in by_kind:
            return day
        if DATE in by_kind and day is None:
            return None
        moment = self._moments.time_of_day(by_kind[TIME], day.at if day else now)
        if moment is None or day is not None or moment.at > now:
            return moment
        # A time that is over today is meant for tomorrow.
        return self._moments.time_of_day(by_kind[TIME], now + timedelta(days=1))


def _overlaps(found: Iterable[_Found], item: _Found) -> bool:
    return any(item.start < other.end and other.start < item.end for other in found)


def _plain(number: float | None) -> float | int | None:
    return int(number) if number is not None and number.is_integer() else number


def _email(span: Span) -> _Found:
    return _Found("email", span.start, span.end, span.text, {"value": span.text})


def _phone(span: Span) -> _Found:
    digits = _SPACES.sub("", span.text)
    return _Found("phone-number", span.start, span.end, digits, {"value": digits})


def _urls(text: str) -> Iterator[_Found]:
    for match in _URL.finditer(text):
        address = match[0] if "://" in match[0] else f"//{match[0]}"
        try:
            host = urlsplit(address).hostname or ""
        except ValueError:  # an address of version 6 that is none
            continue
        details = {"value": match[0], "domain": host.removeprefix("www.")}
        yield _Found("url", match.start(), match.end(), match[0], details)


def _distance_pattern() -> re.Pattern[str]:
    units = sorted(vocabulary().distances, key=len, reverse=True)
    either = "|".join(map(re.escape, units))
    number = r"(?<![\w.,])\d{1,40}(?:[.,]\d{1,40}){0,3}"
    return re.compile(rf"(?P<number>{number})\s?(?P<unit>{either})(?!\w)", re.IGNORECASE)


def names_of_dimensions(wanted: Collection[str] | None) -> dict[str, str]:
    """Duckling's own names, for all or some of its dimensions."""
    return {name: name for name in DIMENSIONS if wanted is None or name in wanted}
