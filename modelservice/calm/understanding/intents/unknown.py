"""Words of a sentence that no example has: a sign that it is about something else."""

from __future__ import annotations

import math
from collections.abc import Container

from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import stem, words


def unknown_words(text: str, vocabulary: Container[str], language: Language) -> float:
    """How many there are, against the root of the message's length."""
    spoken = words(text)
    unknown = sum(stem(word) not in vocabulary for word in _telling(spoken, language))
    return unknown / math.sqrt(len(spoken) or 1)


def knows_nothing(text: str, vocabulary: Container[str], language: Language) -> bool:
    """Whether a sentence shares no more with the examples than `is it` and `to the`."""
    telling = _telling(words(text), language)
    return bool(telling) and not any(stem(word) in vocabulary for word in telling)


def _telling(spoken: list[str], language: Language) -> list[str]:
    return [word for word in spoken if word not in language.stop_words]
