"""From what people call a day or a time of day to a moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.measures.vocabulary import vocabulary
from modelservice.calm.understanding.numbers import number_in
from modelservice.calm.understanding.text import folded

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{2,4})?)?")
_YEAR = re.compile(r"\b(\d{4})\b")
_DAY = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})(?:\s?[:.h]\s?(\d{2}))?(?!\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """`grain` says how exactly it is meant: minute, hour, day, week or month."""

    at: datetime
    grain: str


class MomentReader:
    """`month_first` reads `3/4` as the fourth of March."""

    def __init__(self, language: Language, *, month_first: bool) -> None:
        self._language = language
        self._month_first = month_first
        self._words = vocabulary()

    def day(self, text: str, now: datetime) -> Moment | None:
        """The day that a text names, as a rule the next one that is called so."""
        said, today = folded(text), now.date()
        try:
            found = self._relative(said, today) or self._dated(said, today)
        except ValueError:  # there is no 31st of June
            return None
        if found is None:
            return None
        day, grain = found
        return Moment(datetime.combine(day, time(), now.tzinfo), grain)

    def time_of_day(self, text: str, day: datetime) -> Moment | None:
        """The time that a text names, of this day."""
        said = folded(text)
        minutes = self._minutes(said)
        grain = "hour"
        if minutes is None:
            return None
        if minutes % 60 or ":" in said:
            grain = "minute"
        start = datetime.combine(day.date(), time(), day.tzinfo)
        return Moment(start + timedelta(minutes=minutes), grain)

    # -- days ------------------------------------------------------------------------------

    def _relative(self, said: str, today: date) -> tuple[date, str] | None:
        phrases = {
            **{
                phrase: (today + timedelta(days), "day")
                for phrase, days in self._words.days.items()
            },
            **dict.fromkeys(self._words.next_week, (_monday(today) + timedelta(7), "week")),
            **dict.fromkeys(self._words.next_month, (_first_of_next_month(today), "month")),
            **dict.fromkeys(self._words.weekend, (_monday(today) + timedelta(5), "day")),
        }
        phrase = _longest(said, phrases)
        if phrase is not None and phrase == said.strip():
            return phrases[phrase]
        weekday = _first(said, self._words.weekdays)
        if weekday is None:
            return None
        return today + timedelta((weekday - today.weekday() - 1) % 7 + 1), "day"

    def _dated(self, said: str, today: date) -> tuple[date, str] | None:
        if iso := _ISO.search(said):
            return date(*map(int, iso.groups())), "day"
        month = _first(said, self._words.months)
        number = _DAY.search(said)
        if month is not None:
            year = _YEAR.search(said)
            day = int(number[1]) if number else 1
            return _next_such(today, month + 1, day, int(year[1]) if year else None), "day"
        if numeric := _NUMERIC.search(said):
            one, other = int(numeric[1]), int(numeric[2])
            month_first = self._month_first and "." not in numeric[0]
            month, day = (one, other) if month_first else (other, one)
            return _next_such(today, month, day, _full_year(numeric[3])), "day"
        if number is None:
            return None
        return _next_day_of_month(today, int(number[1])), "day"

    # -- times of day ----------------------------------------------------------------------

    def _minutes(self, said: str) -> int | None:
        """Minutes after midnight."""
        clock = _CLOCK.search(said)
        named = _longest(said, self._words.hours)
        added = _longest(said, self._words.minutes)
        if clock:
            hours, minutes = int(clock[1]), int(clock[2] or 0)
        elif named is not None:
            hours, minutes = self._words.hours[named], 0
        else:
            spoken = said if added is None else said.replace(added, " ")
            number = number_in(spoken, self._language)
            if number is None or not number.is_integer():
                return None
            hours, minutes = int(number), 0
        if hours > 24 or minutes > 59:
            return None
        if hours < 12 and _longest(said, self._words.after_noon) is not None:
            hours += 12
        elif hours == 12 and _longest(said, self._words.before_noon) is not None:
            hours = 0
        total = hours * 60 + minutes + (self._words.minutes[added] if added is not None else 0)
        return total % (24 * 60)


def writes_months_first(locale: str) -> bool:
    return locale.replace("-", "_").endswith("_US") or locale in ("", "en")


def _first(said: str, known: Mapping[str, int]) -> int | None:
    return next((known[word] for word in _WORD.findall(said) if word in known), None)


def _longest(said: str, phrases: Iterable[str]) -> str | None:
    """The longest of the phrases that stands in the text as words."""
    found = [
        phrase
        for phrase in phrases
        if re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", said) is not None
    ]
    return max(found, key=len, default=None)


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _first_of_next_month(today: date) -> date:
    return (today.replace(day=1) + timedelta(32)).replace(day=1)


def _next_such(today: date, month: int, day: int, year: int | None) -> date:
    if year is not None:
        return date(year, month, day)
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def _next_day_of_month(today: date, day: int) -> date:
    first = today.replace(day=1)
    for _ in range(12):
        try:
            found = first.replace(day=day)
        except ValueError:
            found = today - timedelta(1)
        if found >= today:
            return found
        first = _first_of_next_month(first)
    raise ValueError(f"no month has a day {day}")


def _full_year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) + 2000 if len(text) == 2 else int(text)
