"""Intent and entities of a message, for projects whose pipeline asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelservice.calm.dialogue.nlu_adapter import NluResult
from modelservice.calm.understanding.embeddings import MessageEmbedder
from modelservice.calm.understanding.entities import EntityExtractor
from modelservice.calm.understanding.intents.classifier import IntentClassifier
from modelservice.calm.understanding.language import Language, first_action, telling_stems
from modelservice.calm.understanding.text import stems

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
        flows: Mapping[str, Mapping[str, Any]] = learned.get("flows", {})
        self._language = language
        # What flows without intents are called: the words that tell, and what is done.
        titles = [
            title for flow in flows.values() if not flow["intents"] for title in flow["titles"]
        ]
        self._names = [
            (name, first_action(title, language))
            for title in titles
            if len(name := telling_stems(title, language)) > 1
        ]

    async def parse(self, text: str) -> NluResult:
        entities = [] if self._extractor is None else self._extractor.extract(text)
        if self._classifier is None:
            return NluResult(entities=entities)
        embedding, _ = await self._embedder.embed(text)
        found = self._classifier.classify(text, embedding)
        if self._calls_other(text):
            return NluResult(FALLBACK, found.none, entities)
        if found.best.confidence < _LIKELIER_THAN_NOT:
            return NluResult(FALLBACK, 1 - found.best.confidence, entities)
        return NluResult(found.best.name, found.best.confidence, entities)

    def _calls_other(self, text: str) -> bool:
        """Whether a flow that no intent starts is called by its name: the classifier knows nothing
        of it, and would give what it is most like."""
        spoken, action = frozenset(stems(text)), first_action(text, self._language)
        return any(
            name <= spoken and (not does or bool(does & action)) for name, does in self._names
        )
