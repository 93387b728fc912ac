"""Word lists of the offline generator: one YAML file a language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from modelservice.calm.project.yaml_text import load_yaml

_FOLDER = Path(__file__).parent / "words"
_PHRASES = ("yes", "no", "cancel", "skip", "repeat", "greeting", "thanks", "goodbye")


@dataclass(frozen=True, slots=True)
class Language:
    """Words of one or more languages together; all in lower case."""

    phrases: dict[str, frozenset[str]] = field(default_factory=dict)
    corrections: frozenset[str] = frozenset()
    questions: frozenset[str] = frozenset()
    introductions: tuple[str, ...] = ()
    name_markers: frozenset[str] = frozenset()
    numbers: dict[str, int] = field(default_factory=dict)
    multipliers: dict[str, int] = field(default_factory=dict)
    stop_words: frozenset[str] = frozenset()


@cache
def _content(code: str) -> dict[str, Any]:
    file = _FOLDER / f"{code}.yml"
    if not file.is_file():
        return {}
    content: dict[str, Any] = load_yaml(file.read_text(encoding="utf-8"), file=file.name)
    return content


def language_of(codes: Iterable[str]) -> Language:
    """The words of these languages (`de`, `de-AT`); a language without a file adds nothing."""
    contents = [_content(code) for code in dict.fromkeys(c.split("-")[0].lower() for c in codes)]

    def words(key: str) -> list[str]:
        return [str(word) for content in contents for word in content.get(key, [])]

    def values(key: str) -> dict[str, int]:
        return {str(k): int(v) for content in contents for k, v in content.get(key, {}).items()}

    return Language(
        phrases={kind: frozenset(words(kind)) for kind in _PHRASES},
        corrections=frozenset(words("correction")),
        questions=frozenset(words("questions")),
        introductions=tuple(sorted(words("introductions"), key=len, reverse=True)),
        name_markers=frozenset(words("name_markers")),
        numbers=values("numbers"),
        multipliers=values("multipliers"),
        stop_words=frozenset(words("stop_words")),
    )
