"""Which intent a sentence has, from what `training` has learned; plain Python, no numpy."""

from __future__ import annotations

import base64
import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from modelservice.calm.understanding.intents.features import parts_of, vector
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import stem, words

# The score from which a sentence is taken to have an intent at all: confidence 0.5. Measured on
# public sentences outside of every intent, see `tests/bench/understanding.py`.
_ACCEPTED = -1.4
# Words that no example has, against the root of the message's length.
_UNKNOWN_WORDS = 0.8
_STEEPNESS = 2.0


@dataclass(frozen=True, slots=True)
class Intent:
    """`confidence` is between 0 and 1; below 0.5 the sentence is rather about nothing known."""

    name: str
    confidence: float

    @property
    def is_refused(self) -> bool:
        return self.confidence < 0.5


class _View:
    """One linear classifier; each feature has a row of (intent, weight)."""

    def __init__(self, learned: Mapping[str, Any], kind: str) -> None:
        self.kind = kind
        self.bias: list[float] = learned["bias"]
        self._step: float = learned["step"]
        features: list[str] = learned["features"]
        self._rarity = dict(zip(features, learned["rarity"], strict=True))
        counts = _numbers("H", learned["counts"])
        places = list(accumulate(counts, initial=0))
        self._rows = dict(zip(features, pairwise(places), strict=True))
        self._intents = _numbers("H", learned["intents"])
        self._weights = _numbers("b", learned["weights"])

    def add_to(self, scores: list[float], text: str, language: Language) -> None:
        found = vector(parts_of(text, self.kind, language), self._rarity.get)
        for name, value in found.items():
            start, end = self._rows[name]
            weight = value * self._step
            for place in range(start, end):
                scores[self._intents[place]] += weight * self._weights[place]


class IntentClassifier:
    def __init__(self, learned: Mapping[str, Any], language: Language) -> None:
        self._language = language
        self._names: list[str] = learned["names"]
        self._vocabulary = frozenset(learned["vocabulary"])
        self._views = [_View(view, kind) for kind, view in learned["views"].items()]

    def classify(self, text: str) -> list[Intent]:
        """The intents by confidence, the best first."""
        scores = [sum(biases) for biases in zip(*(view.bias for view in self._views), strict=True)]
        for view in self._views:
            view.add_to(scores, text, self._language)
        doubt = _UNKNOWN_WORDS * self._unknown_words(text) + _ACCEPTED
        found = [
            Intent(name, 1 / (1 + math.exp(-_STEEPNESS * (score - doubt))))
            for name, score in zip(self._names, scores, strict=True)
        ]
        return sorted(found, key=lambda intent: (-intent.confidence, intent.name))

    def _unknown_words(self, text: str) -> float:
        spoken = words(text)
        unknown = sum(
            stem(word) not in self._vocabulary
            for word in spoken
            if word not in self._language.stop_words
        )
        return unknown / math.sqrt(len(spoken) or 1)


def _numbers(kind: str, text: str) -> array[int]:
    numbers: array[int] = array(kind)
    numbers.frombytes(base64.b85decode(text))
    return numbers
