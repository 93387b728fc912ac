"""Lists of names as people write them: `a, b and c`."""

from __future__ import annotations

from typing import Literal

_WORDS = {
    "en": {"and": "and", "or": "or"},
    "de": {"and": "und", "or": "oder"},
    "es": {"and": "y", "or": "o"},
    "fr": {"and": "et", "or": "ou"},
}


def enumeration(names: list[str], kind: Literal["and", "or"], language: str | None) -> str:
    """The names as one text; a language that is not known is enumerated in English."""
    if len(names) < 2:
        return "".join(names)
    code = (language or "en").split("-")[0]
    word = _WORDS.get(code, _WORDS["en"])[kind]
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
