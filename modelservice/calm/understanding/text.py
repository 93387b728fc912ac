"""Words and features of texts."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SUFFIXES = ("ingly", "ments", "ation", "ings", "ment", "ies", "ing", "ed", "es", "en", "s", "e")
_GRAM_SIZE = 4
_GRAM_WEIGHT = 0.35


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
    """Weighted features: stems of the words that mean something, and letter groups of them."""
    weights: dict[str, float] = {}
    for word in words(text):
        if word in stop_words:
            continue
        stemmed = stem(word)
        weights[stemmed] = weights.get(stemmed, 0.0) + 1.0
        grams = _letter_groups(word)
        for gram in grams:
            weights[gram] = weights.get(gram, 0.0) + _GRAM_WEIGHT / len(grams) ** 0.5
    return weights


def _letter_groups(word: str) -> list[str]:
    padded = f"^{word}$"
    return [f"#{padded[i : i + _GRAM_SIZE]}" for i in range(len(padded) - _GRAM_SIZE + 1)]
