"""What a command generator is given and what it gives back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from modelservice.calm.content.flow import Flow
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import Command
from modelservice.calm.dialogue.offered import AskedSlot
from modelservice.calm.dialogue.tracker import Tracker


@dataclass(frozen=True, slots=True)
class Request:
    """One user text. `flows` may be started; `active` are running, the innermost first."""

    text: str
    assistant: Assistant
    tracker: Tracker
    flows: Sequence[Flow]
    active: Sequence[Flow]
    asked: AskedSlot | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """`details` say why (matched flow, scores); they go into the message's parse data."""

    commands: Sequence[Command]
    details: Mapping[str, Any] = field(default_factory=dict)


class CommandGenerator(Protocol):
    """Turns a user's text into commands. An exception counts as no commands at all."""

    @property
    def name(self) -> str: ...

    async def propose(self, request: Request) -> Proposal: ...
