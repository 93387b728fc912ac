"""Intent and entities of a message, for projects whose pipeline asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from modelservice.calm.dialogue.nlu_adapter import NluResult
from modelservice.calm.understanding.embeddings import MessageEmbedder
from modelservice.calm.understanding.entities import EntityExtractor
from modelservice.calm.understanding.intents.classifier import IntentClassifier
from modelservice.calm.understanding.language import (
    Language,
    first_action,
    same_action,
    things_in,
)
from modelservice.calm.understanding.text import stems

# What Rasa calls a message that has none of the intents.
FALLBACK = "nlu_fallback"
# An intent's commands stand before those of a language model; a doubtful one has none.
_LIKELIER_THAN_NOT = 0.5


@dataclass(frozen=True, slots=True)
class _Name:
    action: frozenset[str]
    things: frozenset[str]


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
        # The words of each flow's names.
        self._called = [
            frozenset(word for title in flow["titles"] for word in stems(title))
            for flow in flows.values()
        ]
        # What flows are called, by intent (none: no intent starts them): what is done, with what.
        self._names: dict[str | None, list[_Name]] = {}
        for flow in flows.values():
            names = [
                _Name(first_action(title, language), things_in(title, language))
                for title in flow["titles"]
            ]
            for intent in flow["intents"] or [None]:
                self._names.setdefault(intent, []).extend(names)

    async def parse(self, text: str) -> NluResult:
        entities = [] if self._extractor is None else self._extractor.extract(text)
        if self._classifier is None:
            return NluResult(entities=entities)
        embedding, _ = await self._embedder.embed(text)
        found = self._classifier.classify(text, embedding)
        if self._is_shared_word(text) or self._calls_other(text, found.best.name):
            return NluResult(FALLBACK, found.none, entities)
        if found.best.confidence < _LIKELIER_THAN_NOT:
            return NluResult(FALLBACK, 1 - found.best.confidence, entities)
        return NluResult(found.best.name, found.best.confidence, entities)

    def _is_shared_word(self, text: str) -> bool:
        """Whether a message is one word of several flows' names: no sentences can tell which."""
        said = stems(text)
        return len(said) == 1 and sum(said[0] in words for words in self._called) > 1

    def _calls_other(self, text: str, intent: str) -> bool:
        """Whether a flow that no intent starts is called by its name, and the intent's less: the
        classifier knows nothing of it, and would give what it is most like."""
        return self._said(text, None) > self._said(text, intent)

    def _said(self, text: str, intent: str | None) -> int:
        """How many things of a flow's name are said, if all are."""
        action, spoken = first_action(text, self._language), frozenset(stems(text))
        names = self._names.get(intent, ())
        return max(
            (
                len(name.things)
                for name in names
                if name.things <= spoken and same_action(name.action, action)
            ),
            default=0,
        )
