"""Words and features of texts."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SUFFIXES = ("ingly", "ments", "ation", "ings", "ment", "ies", "ing", "ed", "es", "en", "s", "e")
_GROUP_SIZE = 4
_GROUP_WEIGHT = 0.35
_STOP_WORD_WEIGHT = 0.6
_PAIR_WEIGHT = 0.8


def words(text: str) -> list[str]:
    """Lower-case words without punctuation; apostrophes inside words stay."""
    normal = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return _WORD.findall(normal)


def plain(text: str) -> str:
    """The text as its words, for comparing with phrases."""
    return " ".join(words(text))


def identifier_words(identifier: str) -> str:
    """`transferMoney_now` → `transfer Money now`."""
    return _CAMEL.sub(" ", re.sub(r"[_.\-]+", " ", identifier))


def stem(word: str) -> str:
    """A word without its most common endings; enough to bring forms of one word together."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            stemmed = word[: -len(suffix)]
            return stemmed + "y" if suffix == "ies" else stemmed
    return word


def features(text: str, stop_words: frozenset[str]) -> dict[str, float]:
    """Weighted features of a text.

    Stems of its words, pairs of neighbouring words, and letter groups (marked `#`) that forgive
    typing errors and bring compounds together. Numbers are values, not topics: left out.
    """
    weights: dict[str, float] = {}
    spoken = [word for word in words(text) if not word.isdigit()]
    for word in spoken:
        is_stop_word = word in stop_words
        _count(weights, stem(word), _STOP_WORD_WEIGHT if is_stop_word else 1.0)
        groups = [] if is_stop_word else _letter_groups(word)
        for group in groups:
            _count(weights, group, _GROUP_WEIGHT / len(groups) ** 0.5)
    for first, second in pairwise(spoken):
        _count(weights, f"{first} {second}", _PAIR_WEIGHT)
    return weights


def is_whole_word(feature: str) -> bool:
    return not feature.startswith("#") and " " not in feature


def _count(weights: dict[str, float], feature: str, weight: float) -> None:
    weights[feature] = weights.get(feature, 0.0) + weight


def _letter_groups(word: str) -> list[str]:
    padded = f"^{word}$"
    return [f"#{padded[i : i + _GROUP_SIZE]}" for i in range(len(padded) - _GROUP_SIZE + 1)]
