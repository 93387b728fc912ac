"""How much a message is like the sentences that flows were taught with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from modelservice.calm.understanding.intents.classifier import IntentClassifier
from modelservice.calm.understanding.language import Language
from modelservice.calm.understanding.text import words

# From so many sentences on they say better than names and descriptions what starts a flow.
_WELL_TAUGHT = 15


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

    def confidences(self, text: str) -> dict[str, float]:
        """Confidence by flow, of those whose intent the message most likely has."""
        if self._classifier is None:
            return {}
        best = self._classifier.classify(text)[0]
        # A few sentences cannot tell what is meant by a single word.
        is_vague = len(words(text)) == 1
        return {
            flow_id: best.confidence
            for flow_id in self._flows_of.get(best.name, ())
            if flow_id in self.well_taught or not is_vague
        }
