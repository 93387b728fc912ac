"""Passages by what they mean: for questions that share no word with their answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from modelservice.calm.search.index import Hit
from modelservice.calm.search.passages import Passage
from modelservice.calm.understanding.background import BACKGROUND
from modelservice.calm.understanding.embeddings import (
    Embedder,
    Embedding,
    Space,
    pack,
    space_of,
    unpack,
)

# More passages take too long to embed at training, and too long to compare in a turn.
MOST_PASSAGES = 300
# What a passage is about is said at its beginning.
_EMBEDDED_CHARACTERS = 250
# How near a passage must be to be an answer: three times the spread of chance are 1.
_ANSWERS_FROM = 0.75


def embed_passages(passages: Sequence[Passage], embedder: Embedder) -> dict[str, Any]:
    """The meanings of passages as JSON, empty if there are too many. Raises
    `EmbeddingsUnavailable`."""
    if not passages or len(passages) > MOST_PASSAGES:
        return {}
    texts = [f"{each.title}. {each.text}"[:_EMBEDDED_CHARACTERS] for each in passages]
    found = asyncio.run(embedder.embed([*BACKGROUND, *texts]))
    background = found.embeddings[: len(BACKGROUND)]
    embeddings = found.embeddings[len(BACKGROUND) :]
    return {
        "space": asdict(space_of(found.model, background, embeddings)),
        "embeddings": [pack(each.numbers) for each in embeddings],
    }


class PassageMeanings:
    def __init__(self, packed: Mapping[str, Any], passages: Sequence[Sequence[str]]) -> None:
        self._space = Space(**packed["space"])
        self._embeddings = [unpack(text) for text in packed["embeddings"]]
        self._passages = passages

    def nearest(self, question: Embedding, most: int) -> list[Hit]:
        """The passages that are near enough to be answers, best first."""
        scored = [
            (self._space.nearness(question, each), number)
            for number, each in enumerate(self._embeddings)
        ]
        best = sorted((item for item in scored if item[0] >= _ANSWERS_FROM), reverse=True)[:most]
        return [
            Hit(Passage(*self._passages[number]), round(score, 3), round(min(1.0, score / 2), 3))
            for score, number in best
        ]
