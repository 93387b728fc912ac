"""Messages that are commands already: `/SetSlots(…)` and `/intent{…}`, as buttons send them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import PAYLOAD, SetSlot
from modelservice.calm.dialogue.json_values import is_json_value
from modelservice.project.payloads import SET_SLOTS, assignments_in, intent_in, sets_too_many

_NULL_WORDS = frozenset({"none", "null", "undefined"})


@dataclass(frozen=True, slots=True)
class IntentPayload:
    name: str
    confidence: float
    entities: list[dict[str, Any]]


def read_set_slots(text: str, assistant: Assistant) -> list[SetSlot] | None:
    """The set-slot commands of a payload, None if the text is none or names unknown slots."""
    if not text.startswith(SET_SLOTS) or sets_too_many(text):
        return None
    pairs = assignments_in(text)
    if not pairs or any(name not in assistant.domain.slots for name, _ in pairs):
        return None
    return [SetSlot(name, _value(value), PAYLOAD) for name, value in pairs]


def _value(text: str) -> str | None:
    return None if text.lower() in _NULL_WORDS else text


def read_intent(text: str, assistant: Assistant) -> IntentPayload | None:
    found = intent_in(text)
    if found is None or not assistant.domain.knows_intent(found[0]):
        return None
    name, sureness, values = found
    try:
        entities = json.loads(values) if values else {}
        confidence = float(sureness) if sureness else 1.0
    except (ValueError, RecursionError):
        return None
    if not is_json_value(entities):
        return None
    named = [{"entity": entity, "value": value} for entity, value in entities.items()]
    return IntentPayload(name, confidence, named)
