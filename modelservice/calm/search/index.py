"""Full-text rank over passages: BM25, on words without their endings.

The index is made at training and packed as plain lists; loading it takes no more than reading it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from modelservice.calm.search.passages import Passage

_WORD = re.compile(r"[^\W_]+")
_ENDINGS = ("ings", "ing", "ungen", "ung", "ly", "ed", "es", "en", "er", "s", "e", "n", "y")
_SHORTEST_STEM = 4
_SHORTEST_SINGULAR = 3
_SHORTEST_MISSPELT = 5
_LONGEST_STEM = 7
# The usual constants of BM25: how soon repetitions stop counting, how much length counts.
_SATURATION = 1.2
_LENGTH_SHARE = 0.75
# Words of a passage's heading count as if they stood in it more often.
_TITLE_WEIGHT = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """`coverage` is the share of the question, by weight of its words, that the passage has."""

    passage: Passage
    score: float
    coverage: float


def terms(text: str) -> list[str]:
    """Words in lower case, without accents and endings, in any language that has blanks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return [_stem(word) for word in _WORD.findall(plain)]


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        shortest = _SHORTEST_SINGULAR if ending == "s" else _SHORTEST_STEM
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            word = word.removesuffix(ending)
            break
    return word[:_LONGEST_STEM]


def pack(passages: Iterable[Passage]) -> dict[str, Any]:
    """The index as JSON: `postings` has passage number and count, one after the other."""
    packed: list[list[str]] = []
    lengths: list[int] = []
    postings: dict[str, list[int]] = {}
    for number, passage in enumerate(passages):
        packed.append([passage.source, passage.title, passage.text])
        words = terms(passage.text)
        counts = Counter(words + terms(passage.title) * _TITLE_WEIGHT)
        lengths.append(len(words))
        for term, count in counts.items():
            postings.setdefault(term, []).extend((number, count))
    return {"passages": packed, "lengths": lengths, "postings": postings}


class PassageIndex:
    """`stop_words` are not looked for, unless a question has no other words."""

    def __init__(self, packed: Mapping[str, Any], stop_words: Collection[str]) -> None:
        self._passages: list[list[str]] = packed["passages"]
        self._lengths: array[int] = array("I", packed["lengths"])
        self._postings: dict[str, array[int]] = {
            term: array("I", found) for term, found in packed["postings"].items()
        }
        # Short words have too many neighbours to be one of them misspelt.
        self._vocabulary = [term for term in self._postings if len(term) >= _SHORTEST_MISSPELT]
        self._stop_terms = frozenset(term for word in stop_words for term in terms(word))
        self._average: float = max(1, sum(self._lengths)) / max(1, len(self._lengths))

    def __len__(self) -> int:
        return len(self._passages)

    def search(self, text: str, most: int) -> list[Hit]:
        """The passages that share words with the text, best first."""
        weights = {term: self._weight(term) for term in self._asked(text)}
        whole = sum(weights.values())
        scores: dict[int, float] = {}
        shared: dict[int, float] = {}
        for term, weight in weights.items():
            found = self._postings.get(term, ())
            for number, count in zip(found[::2], found[1::2], strict=True):
                scores[number] = scores.get(number, 0.0) + weight * self._saturated(number, count)
                shared[number] = shared.get(number, 0.0) + weight
        best = sorted(scores, key=lambda number: (-scores[number], number))[:most]
        return [
            Hit(Passage(*self._passages[n]), round(scores[n], 3), round(shared[n] / whole, 3))
            for n in best
        ]

    def _asked(self, text: str) -> set[str]:
        """The terms to look for; one that no passage has may be a known one misspelt."""
        asked = set(terms(text)) - self._stop_terms
        return {term if term in self._postings else self._resembling(term) for term in asked}

    def _resembling(self, term: str) -> str:
        if len(term) < _SHORTEST_MISSPELT:
            return term
        found = process.extractOne(term, self._vocabulary, scorer=OSA.distance, score_cutoff=1)
        return term if found is None else str(found[0])

    def _weight(self, term: str) -> float:
        # A word that no passage has is as telling as the rarest one, not more: it may be anything.
        having = max(1, len(self._postings.get(term, ())) // 2)
        return math.log(1 + (len(self) - having + 0.5) / (having + 0.5))

    def _saturated(self, number: int, count: int) -> float:
        share = self._lengths[number] / self._average
        length = 1 - _LENGTH_SHARE + _LENGTH_SHARE * share
        return count * (_SATURATION + 1) / (count + _SATURATION * length)
