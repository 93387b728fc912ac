"""Coexistence: which messages are CALM's, and which belong to the classic part of an assistant.

The classic part is not run by this runtime. What is routed there is answered by saying so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from modelservice.calm.content.domain import ROUTING_SLOT
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import (
    Command,
    Noop,
    Restart,
    SessionEnd,
    SessionStart,
    SetSlot,
    UserSilence,
)
from modelservice.calm.dialogue.nlu_adapter import NluResult
from modelservice.calm.dialogue.tracker import Tracker

NOTE = "this message goes to the classic NLU part of the assistant, which only Rasa itself runs"
CLASSIC_RESPONSE = "utter_classic_part_not_running"
_SYSTEM_COMMANDS = (Restart, SessionStart, SessionEnd, UserSilence)


class Side(Enum):
    """`CLASSIC_ONCE` is for one message; the others hold until routing is reset."""

    CALM = "calm"
    CLASSIC = "nlu"
    CLASSIC_ONCE = "nlu, this message only"


@dataclass(frozen=True, slots=True)
class Route:
    """`details` say why; they go into the message's parse data."""

    side: Side
    details: Mapping[str, Any] = field(default_factory=dict)


class Router(Protocol):
    async def decide(self, text: str, nlu: NluResult) -> Route:
        """Which side a conversation that has not been routed goes to."""
        ...


class IntentRouter:
    """Decides by the intent, from the lists of an `IntentBasedRouter` in config.yml."""

    def __init__(self, component: Mapping[str, Any], assistant: Assistant) -> None:
        self._classic = _names(component, "nlu_entry", "sticky")
        self._classic_once = _names(component, "nlu_entry", "non_sticky")
        self._calm = _names(component, "calm_entry", "sticky") | {
            trigger.intent for flow in assistant.flows for trigger in flow.nlu_triggers
        }

    async def decide(self, text: str, nlu: NluResult) -> Route:
        """Where no intent is known there is nothing to decide by, and CALM is what is here."""
        if nlu.intent is None:
            return Route(Side.CALM, {"reason": "no intent is known"})
        reason = {"reason": f"the intent '{nlu.intent}'"}
        if nlu.intent in self._classic:
            return Route(Side.CLASSIC, reason)
        if nlu.intent in self._classic_once:
            return Route(Side.CLASSIC_ONCE, reason)
        if nlu.intent in self._calm:
            return Route(Side.CALM, reason)
        return Route(Side.CLASSIC, reason)


def _names(component: Mapping[str, Any], entry: str, kind: str) -> frozenset[str]:
    lists = component.get(entry)
    names = lists.get(kind) if isinstance(lists, Mapping) else None
    return frozenset(str(name) for name in names) if isinstance(names, list) else frozenset()


def coexists(assistant: Assistant) -> bool:
    """Without the slot there is no routing at all."""
    return ROUTING_SLOT in assistant.domain.slots


def is_unrouted(assistant: Assistant, tracker: Tracker) -> bool:
    return coexists(assistant) and tracker.slots.get(ROUTING_SLOT) is None


def is_classic(tracker: Tracker) -> bool:
    """Whether the conversation belongs to the classic part until routing is reset."""
    return tracker.slots.get(ROUTING_SLOT) is False


def routing_commands(side: Side) -> list[Command]:
    if side is Side.CLASSIC_ONCE:
        return [Noop()]
    return [SetSlot(ROUTING_SLOT, side is Side.CALM)]


def with_routed_payload(commands: Sequence[Command]) -> list[Command]:
    """The commands of a payload, which decides for a side itself where it is not of the system."""
    if commands and all(isinstance(command, _SYSTEM_COMMANDS) for command in commands):
        return list(commands)
    return [*commands, SetSlot(ROUTING_SLOT, bool(commands))]
