"""Words and stems of texts."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SUFFIXES = (
    "ations",
    "ation",
    "ings",
    "ing",
    "ments",
    "ment",
    "ers",
    "ed",
    "es",
    "en",
    "er",
    "s",
    "e",
)
_SHORTEST_STEM = 3
# Forms that are words of their own: a checking account checks nothing.
_OWN_WORDS = frozenset({"checking"})
# French writes small words and the next one as one: `l'argent`.
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu)'(?=[aeiouyhœ])")

# Latin letters without their accents, and the apostrophe of typesetters; letter for letter.
_PLAIN_LETTERS = {ord("’"): "'"} | {
    code: parts[0]
    for code in [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]
    if len(parts := unicodedata.normalize("NFD", chr(code))) > 1 and parts[0].isascii()
}


def folded(text: str) -> str:
    """Small letters without accents, as many people type; every letter keeps its place."""
    return text.translate(_PLAIN_LETTERS).lower()


def word_spans(text: str) -> list[tuple[int, int]]:
    """Where the words of a text begin and end."""
    return [match.span() for match in _WORD.finditer(text)]


def words(text: str) -> list[str]:
    """Folded words without punctuation; apostrophes inside words stay."""
    return _WORD.findall(folded(unicodedata.normalize("NFKC", text)))


def plain(text: str) -> str:
    """The text as its words, for comparing with phrases."""
    return " ".join(words(text))


def identifier_words(identifier: str) -> str:
    """`transferMoney_now` → `transfer Money now`."""
    return _CAMEL.sub(" ", re.sub(r"[_.\-]+", " ", identifier))


def stem(word: str) -> str:
    """A word without its most common endings; enough to bring forms of one word together."""
    if "'" in word and (elided := _ELISION.match(word)):
        word = word[elided.end() :]
    if word in _OWN_WORDS:
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-2]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            word = word[: -len(suffix)]
            break
    if len(word) > _SHORTEST_STEM:
        if word[-1] == "y":
            return word[:-1] + "i"
        if word[-1] == word[-2] and word[-1] not in "sl":  # planned → plan
            return word[:-1]
    return word


def stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words(text))
