"""Questions to the documents of an assistant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.search.index import Hit, PassageIndex
from modelservice.calm.search.meaning import PassageMeanings
from modelservice.calm.understanding.acts import begins
from modelservice.calm.understanding.embeddings import MessageEmbedder
from modelservice.calm.understanding.language import language_of
from modelservice.calm.understanding.text import words

# Share of a question that a passage must have to be an answer to it.
ANSWERS_FROM = 0.5
_SHORT = 4


class Search:
    """What the documents say about a text; empty if the model has none."""

    def __init__(
        self, assistant: Assistant, packed: Mapping[str, Any], embedder: MessageEmbedder
    ) -> None:
        codes = [assistant.language, *assistant.additional_languages, "en"]
        self._language = language_of(codes)
        self._index = PassageIndex(packed, self._language.stop_words)
        meanings = packed.get("meanings")
        self._meanings = PassageMeanings(meanings, packed["passages"]) if meanings else None
        self._embedder = embedder

    async def find(self, text: str, most: int = 3) -> list[Hit]:
        """Passages that answer the text, best first; empty if nothing fits.

        Those that share its words, and where there are none those that mean the same.
        """
        hits = [hit for hit in self._index.search(text, most) if hit.coverage >= ANSWERS_FROM]
        if hits or self._meanings is None:
            return hits
        embedding, _ = await self._embedder.embed(text)
        return [] if embedding is None else self._meanings.nearest(embedding, most)

    def goes_on(self, text: str) -> bool:
        """Whether a question makes sense only after the one before: `and on Sundays?`"""
        return len(words(text)) <= _SHORT or begins(text, "follow_up", self._language)

    def is_about(self, text: str) -> float:
        """How much of a text the documents speak about: 0 nothing, 1 every word of it."""
        hits = self._index.search(text, 1)
        return hits[0].coverage if hits else 0.0

    async def answers(self, text: str) -> bool:
        """Whether a passage answers the text."""
        return bool(await self.find(text, 1))
