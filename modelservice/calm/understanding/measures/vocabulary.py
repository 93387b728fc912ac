"""The words of `words.yml`, for looking up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from modelservice.calm.content.yaml_text import load_yaml


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Folded words and phrases, each with what it stands for; months and weekdays from 0."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    days: Mapping[str, int]
    hours: Mapping[str, int]
    minutes: Mapping[str, int]
    currencies: Mapping[str, str]
    distances: Mapping[str, str]
    next_week: Sequence[str]
    next_month: Sequence[str]
    weekend: Sequence[str]
    after_noon: Sequence[str]
    before_noon: Sequence[str]


@cache
def vocabulary() -> Vocabulary:
    file = Path(__file__).with_name("words.yml")
    content = load_yaml(file.read_text(encoding="utf-8"), file=file.name)
    return Vocabulary(
        months=_numbered(content["months"]),
        weekdays=_numbered(content["weekdays"]),
        days=_counted(content["days"]),
        hours=_counted(content["hours"]),
        minutes=_counted(content["minutes"]),
        currencies=_looked_up(content["currencies"]),
        distances=_looked_up(content["distances"]),
        next_week=content["next_week"],
        next_month=content["next_month"],
        weekend=content["weekend"],
        after_noon=content["after_noon"],
        before_noon=content["before_noon"],
    )


def _numbered(groups: Sequence[Sequence[str]]) -> dict[str, int]:
    return {word: number for number, words in enumerate(groups) for word in words}


def _looked_up(groups: Mapping[Any, Sequence[str]]) -> dict[str, Any]:
    return {str(word): meaning for meaning, words in groups.items() for word in words}


def _counted(groups: Mapping[Any, Sequence[str]]) -> dict[str, int]:
    """Keys of YAML are read as texts."""
    return {word: int(meaning) for word, meaning in _looked_up(groups).items()}
