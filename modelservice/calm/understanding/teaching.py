"""How much a message is like the sentences that flows were taught with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from modelservice.calm.understanding.embeddings import Embedding
from modelservice.calm.understanding.intents.classifier import IntentClassifier
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import words

# From so many sentences on they say better than names and descriptions what starts a flow.
_WELL_TAUGHT = 15
_MOST_INTENTS = 3


@dataclass(frozen=True, slots=True)
class Taught:
    """Probabilities of flows by their example sentences, and of `none` of all intents."""

    flows: Mapping[str, float] = field(default_factory=dict)
    none: float = 1.0

    @property
    def best(self) -> str | None:
        return max(self.flows, key=lambda flow_id: (self.flows[flow_id], flow_id), default=None)

    def likeness(self, flow_id: str) -> float:
        """How sure it is, from 0: what is no more likely than anything else counts 0."""
        probability = self.flows.get(flow_id, 0.0)
        return probability if probability > self.none else 0.0


class Teaching:
    """`well_taught` are the flows that their example sentences alone decide about."""

    def __init__(self, learned: Mapping[str, Any], language: Language) -> None:
        intents = learned.get("intents")
        self._classifier = IntentClassifier(intents, language) if intents else None
        flows: Mapping[str, Mapping[str, Any]] = learned.get("flows", {})
        self._flows_of: dict[str, list[str]] = {}
        for flow_id, flow in flows.items():
            for intent in flow["intents"]:
                self._flows_of.setdefault(intent, []).append(flow_id)
        self.well_taught = frozenset(
            flow_id
            for flow_id, flow in flows.items()
            if len(flow["examples"]) >= _WELL_TAUGHT and self._classifier is not None
        )

    def classify(self, text: str, embedding: Embedding | None) -> Taught:
        """How likely each flow's sentences are meant, of those that are nearest."""
        if self._classifier is None:
            return Taught()
        found = self._classifier.classify(text, embedding)
        # A few sentences cannot tell what is meant by a single word.
        is_vague = len(words(text)) == 1
        flows: dict[str, float] = {}
        for intent in found.intents[:_MOST_INTENTS]:
            for flow_id in self._flows_of.get(intent.name, ()):
                if flow_id in self.well_taught or not is_vague:
                    flows[flow_id] = flows.get(flow_id, 0.0) + intent.confidence
        return Taught(flows, found.none)
