"""Sentence embeddings: how near two texts are in meaning, whatever their words.

Who makes them is behind `Embedder`. A model file holds those of its own texts, in whole steps.
"""

from __future__ import annotations

import base64
import math
import time
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any, Protocol

from modelservice.calm.errors import CalmError

_STEPS = 127
_REMEMBERED = 64
_OTHER_MODEL = "the model was trained with other embeddings; train it again"


class EmbeddingsUnavailable(CalmError):
    """There are no embeddings, or not in time; says why."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """A direction; `length` is that of its `numbers`."""

    numbers: Sequence[float]
    length: float

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Embedding:
        return cls(numbers, math.sqrt(sum(map(mul, numbers, numbers))) or 1.0)

    def similarity(self, other: Embedding) -> float:
        """The cosine: 1 for the same direction."""
        product: float = sum(map(mul, self.numbers, other.numbers))
        return product / (self.length * other.length)


@dataclass(frozen=True, slots=True)
class Embedded:
    """`model` made the embeddings; those of another one cannot be compared with them."""

    model: str
    embeddings: Sequence[Embedding]


class Embedder(Protocol):
    async def embed(self, texts: Sequence[str]) -> Embedded:
        """The embedding of each text. Raises `EmbeddingsUnavailable`."""
        ...


def pack(numbers: Sequence[float]) -> str:
    """An embedding's direction as text, a byte for each number."""
    step = max(map(abs, numbers), default=0.0) / _STEPS or 1.0
    return base64.b85encode(array("b", (round(n / step) for n in numbers)).tobytes()).decode()


def unpack(text: str) -> Embedding:
    numbers = array("b")
    numbers.frombytes(base64.b85decode(text))
    return Embedding.of(numbers)


@dataclass(frozen=True, slots=True)
class Space:
    """The embeddings of a trained model: which `model` made them, how similar sentences about
    nothing in particular are to its texts by `chance`, and the `spread` of that."""

    model: str
    chance: float
    spread: float

    def nearness(self, first: Embedding, second: Embedding) -> float:
        """0 is no nearer than by chance, 1 three times the spread above."""
        return (first.similarity(second) - self.chance) / (3 * self.spread)


def space_of(model: str, background: Sequence[Embedding], texts: Sequence[Embedding]) -> Space:
    found = [sentence.similarity(text) for sentence in background for text in texts]
    chance = sum(found) / len(found) if found else 0.0
    variance = sum((each - chance) ** 2 for each in found) / len(found) if found else 0.0
    return Space(model, chance, math.sqrt(variance) or 1.0)


class MessageEmbedder:
    """Embeddings of messages in the space of a trained model."""

    def __init__(self, embedder: Embedder | None, space: Mapping[str, Any] | None) -> None:
        self._embedder = embedder
        self.space = Space(**space) if space else None
        self._recent: dict[str, Embedding] = {}

    async def embed(self, text: str) -> tuple[Embedding | None, dict[str, Any]]:
        """The embedding, and what the message's parse data say of it; None if there is none."""
        if self._embedder is None:
            return None, _without("embeddings are switched off")
        if self.space is None:
            return None, _without("the model was trained without embeddings")
        begun = time.perf_counter()
        embedding = self._recent.get(text)
        if embedding is None:
            try:
                found = await self._embedder.embed([text])
            except EmbeddingsUnavailable as error:
                return None, _without(str(error))
            if found.model != self.space.model:
                return None, _without(_OTHER_MODEL)
            embedding = found.embeddings[0]
            self._remember(text, embedding)
        milliseconds = round((time.perf_counter() - begun) * 1000, 2)
        return embedding, {"used": True, "model": self.space.model, "milliseconds": milliseconds}

    def _remember(self, text: str, embedding: Embedding) -> None:
        """A message is asked about more than once: for its intent, its flow, the documents."""
        self._recent[text] = embedding
        if len(self._recent) > _REMEMBERED:
            del self._recent[next(iter(self._recent))]


def _without(reason: str) -> dict[str, Any]:
    return {"used": False, "reason": reason}
