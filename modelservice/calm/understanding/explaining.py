"""Why a message is understood as it is: what else it could be, and what each of its words counts.

A word counts as much as what was understood gets less probable without it, by the odds. That is
measured by words alone: embeddings of each shortened sentence would take longer than the answer.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from modelservice.calm.dialogue.generator import Request
from modelservice.calm.understanding.embeddings import MessageEmbedder
from modelservice.calm.understanding.intents.classifier import IntentClassifier
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.offline import OfflineGenerator
from modelservice.calm.understanding.text import word_spans

_SHOWN_INTENTS = 5
# Of a longer message no word counts for much.
_MOST_WORDS = 20
# What is nearer to 0 or 1 is certain.
_LEAST = 1e-9


@dataclass(frozen=True, slots=True)
class Word:
    """`weight` is its share of what all words together count, which is 1; `start` and `end` are
    places in the message."""

    start: int
    end: int
    weight: float


class Explainer:
    """`generator` is what proposes commands, None where that is a language model."""

    def __init__(
        self,
        learned: Mapping[str, Any],
        language: Language,
        embedder: MessageEmbedder,
        generator: OfflineGenerator | None,
    ) -> None:
        self._learned = learned
        self._language = language
        self._embedder = embedder
        self._generator = generator

    @cached_property
    def _classifier(self) -> IntentClassifier | None:
        intents = self._learned.get("intents")
        return IntentClassifier(intents, self._language) if intents else None

    async def ranking(self, text: str) -> dict[str, Any]:
        """The most probable intents, and how probable none of all is; empty without any."""
        if self._classifier is None:
            return {}
        embedding, _ = await self._embedder.embed(text)
        found = self._classifier.classify(text, embedding)
        shown = found.intents[:_SHOWN_INTENTS]
        return {
            "intent_ranking": [
                {"name": each.name, "confidence": round(each.confidence, 3)} for each in shown
            ],
            "no_intent": round(found.none, 3),
        }

    def words(self, request: Request, flow: str | None, intent: str | None) -> list[Word]:
        """What each word counts for the flow that starts, or the intent that is meant."""
        measure = self._measure(request, flow, intent)
        spans = word_spans(request.text)
        if measure is None or len(spans) > _MOST_WORDS:
            return []
        whole = _log_odds(measure(request.text))
        falls = [
            max(0.0, whole - _log_odds(measure(_without(request.text, *span)))) for span in spans
        ]
        most = sum(falls) or 1.0
        return [
            Word(start, end, round(fall / most, 3))
            for (start, end), fall in zip(spans, falls, strict=True)
        ]

    def _measure(
        self, request: Request, flow: str | None, intent: str | None
    ) -> Callable[[str], float] | None:
        classifier, generator = self._classifier, self._generator
        if intent is not None and classifier is not None:

            def of_intent(text: str) -> float:
                found = classifier.classify(text).intents
                return next((each.confidence for each in found if each.name == intent), 0.0)

            return of_intent
        if flow is None or generator is None:
            return None

        def of_flow(text: str) -> float:
            return generator.likelihood(replace(request, text=text), flow)

        return of_flow


def _log_odds(probability: float) -> float:
    kept = min(1 - _LEAST, max(_LEAST, probability))
    return math.log(kept / (1 - kept))


def _without(text: str, start: int, end: int) -> str:
    return f"{text[:start]} {text[end:]}".strip()
