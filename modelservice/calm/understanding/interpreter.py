"""Intent and entities of a message, for projects whose pipeline asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelservice.calm.dialogue.nlu_adapter import NluResult
from modelservice.calm.understanding.embeddings import MessageEmbedder
from modelservice.calm.understanding.entities import EntityExtractor
from modelservice.calm.understanding.intents.classifier import IntentClassifier
from modelservice.calm.understanding.language import Language

# What Rasa calls a message that has none of the intents.
FALLBACK = "nlu_fallback"
# An intent's commands stand before those of a language model; a doubtful one has none.
_LIKELIER_THAN_NOT = 0.5


class LearnedInterpreter:
    def __init__(
        self, learned: Mapping[str, Any], language: Language, embedder: MessageEmbedder
    ) -> None:
        intents, entities = learned.get("intents"), learned.get("entities")
        self._classifier = IntentClassifier(intents, language) if intents else None
        self._extractor = EntityExtractor(entities, language) if entities else None
        self._embedder = embedder

    async def parse(self, text: str) -> NluResult:
        entities = [] if self._extractor is None else self._extractor.extract(text)
        if self._classifier is None:
            return NluResult(entities=entities)
        embedding, _ = await self._embedder.embed(text)
        found = self._classifier.classify(text, embedding)
        if found.best.confidence < _LIKELIER_THAN_NOT:
            return NluResult(FALLBACK, 1 - found.best.confidence, entities)
        return NluResult(found.best.name, found.best.confidence, entities)
