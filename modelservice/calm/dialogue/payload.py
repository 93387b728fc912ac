"""Messages that are commands already: `/SetSlots(…)` and `/intent{…}`, as buttons send them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import PAYLOAD, SetSlot
from modelservice.calm.dialogue.json_values import is_json_value

_SET_SLOTS = "/SetSlots"
# Possessive, so that no text however long is read more than once.
_PAIR = re.compile(r"(?<![^\s,()=])([^\s,()=]++)\s*+=\s*+(\[[^\]]*+\]|[^,()]*+)")
_INTENT = re.compile(r"/([^\s{@]++)(?:@([0-9.]++))?\s*+(\{.*\})?", re.DOTALL)
_NULL_WORDS = frozenset({"none", "null", "undefined"})
_MAX_PAIRS = 10


@dataclass(frozen=True, slots=True)
class IntentPayload:
    name: str
    confidence: float
    entities: list[dict[str, Any]]


def read_set_slots(text: str, assistant: Assistant) -> list[SetSlot] | None:
    """The set-slot commands of a payload, None if the text is none or names unknown slots."""
    if not text.startswith(_SET_SLOTS) or text.count("=") > _MAX_PAIRS:
        return None
    pairs = _PAIR.findall(text.removeprefix(_SET_SLOTS))
    if not pairs or any(name not in assistant.domain.slots for name, _ in pairs):
        return None
    return [SetSlot(name, _value(value.strip()), PAYLOAD) for name, value in pairs]


def _value(text: str) -> str | None:
    return None if text.lower() in _NULL_WORDS else text


def read_intent(text: str, assistant: Assistant) -> IntentPayload | None:
    match = _INTENT.fullmatch(text.rstrip())
    if match is None or not assistant.domain.knows_intent(match[1]):
        return None
    try:
        entities = json.loads(match[3]) if match[3] else {}
        confidence = float(match[2]) if match[2] else 1.0
    except (ValueError, RecursionError):
        return None
    if not is_json_value(entities):
        return None
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    return IntentPayload(match[1], confidence, found)
