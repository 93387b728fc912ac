"""Intent and entities of a message, for projects whose pipeline asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelservice.calm.dialogue.nlu_adapter import NluResult
from modelservice.calm.understanding.entities import EntityExtractor
from modelservice.calm.understanding.intents.classifier import IntentClassifier
from modelservice.calm.understanding.language import Language

# What Rasa calls a message that has none of the intents.
FALLBACK = "nlu_fallback"


class LearnedInterpreter:
    def __init__(self, learned: Mapping[str, Any], language: Language) -> None:
        intents, entities = learned.get("intents"), learned.get("entities")
        self._classifier = IntentClassifier(intents, language) if intents else None
        self._extractor = EntityExtractor(entities, language) if entities else None

    async def parse(self, text: str) -> NluResult:
        entities = [] if self._extractor is None else self._extractor.extract(text)
        if self._classifier is None:
            return NluResult(entities=entities)
        best = self._classifier.classify(text)[0]
        if best.is_refused:
            return NluResult(FALLBACK, 1 - best.confidence, entities)
        return NluResult(best.name, best.confidence, entities)
