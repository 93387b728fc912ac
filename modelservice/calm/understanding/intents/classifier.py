"""Which intent a sentence has, from what `training` has learned; plain Python, no numpy."""

from __future__ import annotations

import base64
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from modelservice.calm.understanding.embeddings import Embedding, unpack
from modelservice.calm.understanding.intents.calibration import Calibration
from modelservice.calm.understanding.intents.features import parts_of, vector
from modelservice.calm.understanding.intents.unknown import knows_nothing, unknown_words
from modelservice.calm.understanding.language import Language

# What a sentence counts, in unknown words, of whose words only everybody's are known.
_NOTHING_KNOWN = 2.5


@dataclass(frozen=True, slots=True)
class Intent:
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Classified:
    """Intents by confidence, the best first; together with `none`, that the sentence has none of
    them, they sum to 1."""

    intents: Sequence[Intent]
    none: float

    @property
    def best(self) -> Intent:
        return self.intents[0]

    @property
    def is_refused(self) -> bool:
        return self.none >= self.best.confidence


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


class _Directions:
    """What an embedding is multiplied by, for each intent."""

    def __init__(self, learned: Mapping[str, Any]) -> None:
        self._directions = [unpack(text) for text in learned["directions"]]
        self._lengths: list[float] = learned["lengths"]
        self._bias: list[float] = learned["bias"]

    def add_to(self, scores: list[float], embedding: Embedding) -> None:
        rows = zip(self._directions, self._lengths, self._bias, strict=True)
        for place, (direction, length, bias) in enumerate(rows):
            scores[place] += embedding.similarity(direction) * length + bias


class IntentClassifier:
    def __init__(self, learned: Mapping[str, Any], language: Language) -> None:
        self._language = language
        self._names: list[str] = learned["names"]
        self._vocabulary = frozenset(learned["vocabulary"])
        self._views = [_View(view, kind) for kind, view in learned["views"].items()]
        self._calibration = Calibration(**learned["calibration"])
        embedded = learned.get("embedded")
        self._directions = _Directions(embedded) if embedded else None
        self._embedded_calibration = Calibration(
            **learned.get("embedded_calibration", learned["calibration"])
        )

    def classify(self, text: str, embedding: Embedding | None = None) -> Classified:
        scores = [sum(biases) for biases in zip(*(view.bias for view in self._views), strict=True)]
        for view in self._views:
            view.add_to(scores, text, self._language)
        calibration = self._calibration
        if self._directions is not None and embedding is not None:
            self._directions.add_to(scores, embedding)
            calibration = self._embedded_calibration
        unknown = unknown_words(text, self._vocabulary, self._language)
        by_words = calibration is self._calibration
        if by_words and knows_nothing(text, self._vocabulary, self._language):
            unknown += _NOTHING_KNOWN
        probabilities, none = calibration.probabilities(scores, unknown)
        found = [
            Intent(name, probability)
            for name, probability in zip(self._names, probabilities, strict=True)
        ]
        return Classified(sorted(found, key=lambda each: (-each.confidence, each.name)), none)


def _numbers(kind: str, text: str) -> array[int]:
    numbers: array[int] = array(kind)
    numbers.frombytes(base64.b85decode(text))
    return numbers
