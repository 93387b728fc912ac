"""Commands from an intent and entities: triggers of flows and slot mappings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from modelservice.calm.content.domain import NLU_MAPPINGS, Slot
from modelservice.calm.content.flow import Flow
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import (
    COMMAND_OF_PATTERN,
    NLU,
    Command,
    SetSlot,
    StartFlow,
)
from modelservice.calm.dialogue.offered import AskedSlot


@dataclass(frozen=True, slots=True)
class NluResult:
    """`entities` are maps with at least `entity` and `value`."""

    intent: str | None = None
    confidence: float = 0.0
    entities: Sequence[Mapping[str, Any]] = field(default_factory=list)


class NluInterpreter(Protocol):
    async def parse(self, text: str) -> NluResult:
        """Intent and entities of a user's text."""
        ...


def commands_from_nlu(
    result: NluResult,
    text: str,
    *,
    assistant: Assistant,
    flows: Iterable[Flow],
    asked: AskedSlot | None,
    active_flow: str | None,
) -> list[Command]:
    """At most one triggered flow or pattern, then set-slot commands by mapping."""
    commands: list[Command] = []
    triggered = _triggered(result, [*flows, *assistant.flows.patterns()])
    if triggered is not None:
        commands.append(triggered)
    for slot in _fillable_slots(assistant, asked):
        value = mapped_value(slot, result, text, active_flow)
        if value is not None:
            commands.append(SetSlot(slot.name, value, NLU))
    return commands


def _triggered(result: NluResult, flows: list[Flow]) -> Command | None:
    for flow in flows:
        for trigger in flow.nlu_triggers:
            if (
                trigger.intent == result.intent
                and result.confidence >= trigger.confidence_threshold
            ):
                command = COMMAND_OF_PATTERN.get(flow.id)
                return command() if command is not None else StartFlow(flow.id)
    return None


def _fillable_slots(assistant: Assistant, asked: AskedSlot | None) -> list[Slot]:
    names = {
        step.collect
        for flow in assistant.flows
        for step in flow.collect_steps()
        if not step.ask_before_filling
    }
    if asked is not None:
        names.add(asked.name)
    slots = (assistant.domain.slots.get(name) for name in sorted(names))
    return [slot for slot in slots if slot is not None]


def mapped_value(slot: Slot, result: NluResult, text: str, active_flow: str | None) -> Any:
    """Value of the first NLU mapping that applies, else None."""
    for mapping in slot.mappings:
        if mapping["type"] not in NLU_MAPPINGS or not applies(mapping, result, active_flow):
            continue
        if mapping["type"] == "from_text":
            return text
        if mapping["type"] in ("from_intent", "from_trigger_intent"):
            return mapping["value"]
        values = [e["value"] for e in result.entities if _is_entity(e, mapping)]
        if values:
            return values if slot.type == "list" else values[-1]
    return None


def _is_entity(entity: Mapping[str, Any], mapping: Mapping[str, Any]) -> bool:
    return entity["entity"] == mapping["entity"] and all(
        entity.get(key) == mapping[key] for key in ("role", "group") if key in mapping
    )


def applies(mapping: Mapping[str, Any], result: NluResult, active_flow: str | None) -> bool:
    """Whether the conditions of a slot mapping hold: intents and the active flow."""
    wanted, unwanted = _as_list(mapping.get("intent")), _as_list(mapping.get("not_intent"))
    if (wanted and result.intent not in wanted) or result.intent in unwanted:
        return False
    if mapping["type"] in ("from_intent", "from_trigger_intent") and not wanted:
        return False
    conditions = mapping.get("conditions") or []
    return not conditions or any(
        active_flow == condition.get("active_flow") for condition in conditions
    )


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
