"""Reads a user message: payload, NLU, command generator, and the checks around them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import (
    ERROR_EMPTY,
    ERROR_TOO_LONG,
    PAYLOAD,
    CannotHandle,
    Command,
    InternalError,
    Noop,
    SetSlot,
    StartFlow,
)
from modelservice.calm.dialogue.generator import CommandGenerator, Proposal, Request
from modelservice.calm.dialogue.nlu_adapter import (
    NluInterpreter,
    NluResult,
    applies,
    commands_from_nlu,
)
from modelservice.calm.dialogue.offered import (
    AskedSlot,
    active_flows,
    asked_slot,
    startable_flows,
)
from modelservice.calm.dialogue.payload import read_intent, read_set_slots
from modelservice.calm.dialogue.routing import (
    NOTE,
    Route,
    Router,
    Side,
    coexists,
    is_classic,
    is_unrouted,
    routing_commands,
    with_routed_payload,
)
from modelservice.calm.dialogue.tracker import Tracker

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message with what it asks for; `text` has lost the slash of an unknown payload.

    `is_classic` says that it goes to the classic part of the assistant, which is not run here.
    """

    text: str
    commands: list[Command]
    nlu: NluResult = field(default_factory=NluResult)
    details: dict[str, Any] = field(default_factory=dict)
    is_classic: bool = False


class MessageReader:
    """`adapts_nlu` makes commands of intents and entities; `minimize_calls` spares the generator
    what they have told already."""

    def __init__(
        self,
        assistant: Assistant,
        generator: CommandGenerator,
        interpreter: NluInterpreter | None = None,
        *,
        adapts_nlu: bool = True,
        router: Router | None = None,
        minimize_calls: bool = True,
    ) -> None:
        self._assistant = assistant
        self._generator = generator
        self._interpreter = interpreter
        self._adapts_nlu = adapts_nlu
        self._router = router
        self._minimize_calls = minimize_calls

    async def read(self, text: str, tracker: Tracker) -> ReadMessage:
        asked = asked_slot(self._assistant, tracker)
        payload = self._read_payload(text, tracker, asked)
        if payload is not None:
            return payload
        if text.startswith("/"):
            text = text.lstrip("/ ")
        problem = self._unreadable(text)
        if problem is not None:
            return ReadMessage(text, [problem])
        return await self._understand(text, tracker, asked)

    # -- payloads --------------------------------------------------------------------------

    def _read_payload(
        self, text: str, tracker: Tracker, asked: AskedSlot | None
    ) -> ReadMessage | None:
        if asked is not None and self._takes_any_text(asked):
            return ReadMessage(text, [SetSlot(asked.name, text, PAYLOAD)])
        slots = read_set_slots(text, self._assistant)
        if slots is not None:
            return ReadMessage(text, list(slots))
        intent = read_intent(text, self._assistant)
        if intent is None:
            return None
        result = NluResult(intent.name, intent.confidence, intent.entities)
        commands = self._from_nlu(result, text, tracker, asked, only_offered=False)
        if is_unrouted(self._assistant, tracker):
            commands = with_routed_payload(commands)
        return ReadMessage(text, commands, result)

    def _takes_any_text(self, asked: AskedSlot) -> bool:
        slot = self._assistant.domain.slots[asked.name]
        forced = asked.step is not None and asked.step.force_slot_filling
        return forced and slot.has_mapping("from_text")

    def _from_nlu(
        self,
        result: NluResult,
        text: str,
        tracker: Tracker,
        asked: AskedSlot | None,
        *,
        only_offered: bool,
    ) -> list[Command]:
        running = active_flows(self._assistant, tracker)
        flows = (
            startable_flows(self._assistant, tracker)
            if only_offered
            else list(self._assistant.flows.user_flows())
        )
        return commands_from_nlu(
            result,
            text,
            assistant=self._assistant,
            flows=flows,
            asked=asked,
            active_flow=running[0].id if running else None,
        )

    # -- ordinary text ---------------------------------------------------------------------

    def _unreadable(self, text: str) -> InternalError | None:
        if not text.strip():
            return InternalError(ERROR_EMPTY)
        longest = self._assistant.max_characters
        if 0 <= longest < len(text):
            return InternalError(ERROR_TOO_LONG, {"max_characters": longest})
        return None

    async def _understand(
        self, text: str, tracker: Tracker, asked: AskedSlot | None
    ) -> ReadMessage:
        nlu = NluResult()
        commands: list[Command] = []
        if self._interpreter is not None:
            nlu = await self._interpreter.parse(text)
            if self._adapts_nlu:
                commands = self._from_nlu(nlu, text, tracker, asked, only_offered=True)
        route = await self._route(text, nlu, tracker)
        details: dict[str, Any] = {} if route is None else {"routed": _as_dict(route)}
        if route is not None and route.side is not Side.CALM:
            logger.warning("conversation %s: %s", tracker.sender_id, NOTE)
            taken: list[Command] = [Noop()] if is_classic(tracker) else routing_commands(route.side)
            return ReadMessage(text, taken, nlu, {**details, "note": NOTE}, is_classic=True)
        if not (self._minimize_calls and _is_enough(commands, asked)):
            proposal = await self._propose(text, tracker, asked)
            proposed = self._allowed(proposal.commands, nlu, tracker)
            commands = _merged(commands, proposed)
            details |= {"generator": self._generator.name, **proposal.details}
        if is_unrouted(self._assistant, tracker) and commands:
            commands = [*commands, *routing_commands(Side.CALM)]
        return ReadMessage(text, self._forced(commands, asked), nlu, details)

    async def _route(self, text: str, nlu: NluResult, tracker: Tracker) -> Route | None:
        """Where the message goes; None without coexistence or once CALM has the conversation."""
        if not coexists(self._assistant):
            return None
        if is_classic(tracker):
            return Route(Side.CLASSIC, {"reason": "the conversation is with the classic part"})
        if self._router is None or not is_unrouted(self._assistant, tracker):
            return None
        return await self._router.decide(text, nlu)

    def request(self, text: str, tracker: Tracker, asked: AskedSlot | None) -> Request:
        """What a generator is given for a message."""
        return Request(
            text=text,
            assistant=self._assistant,
            tracker=tracker,
            flows=startable_flows(self._assistant, tracker),
            active=active_flows(self._assistant, tracker),
            asked=asked,
        )

    async def _propose(self, text: str, tracker: Tracker, asked: AskedSlot | None) -> Proposal:
        try:
            return await self._generator.propose(self.request(text, tracker, asked))
        except Exception as error:
            # A generator is a plug-in; whatever it raises, the conversation has to go on.
            logger.exception("the command generator '%s' failed", self._generator.name)
            return Proposal([], {"note": f"the command generator failed ({error!r})"})

    def _allowed(
        self, commands: Sequence[Command], nlu: NluResult, tracker: Tracker
    ) -> list[Command]:
        """Without flows that may not start now and slots whose mappings do not hold now."""
        startable = {flow.id for flow in startable_flows(self._assistant, tracker)}
        running = active_flows(self._assistant, tracker)
        active = running[0].id if running else None
        kept = [
            command
            for command in commands
            if not (isinstance(command, StartFlow) and command.flow not in startable)
            and not (isinstance(command, SetSlot) and not self._maps(command, nlu, active))
        ]
        return kept if kept or not commands else [CannotHandle()]

    def _maps(self, command: SetSlot, nlu: NluResult, active_flow: str | None) -> bool:
        slot = self._assistant.domain.slots.get(command.slot)
        # What is not in the domain, or not for generators at all, is the clean-up's to judge.
        mappings = [] if slot is None else [m for m in slot.mappings if m["type"] == "from_llm"]
        if slot is not None and not slot.mappings:
            return slot.is_builtin
        return not mappings or any(applies(mapping, nlu, active_flow) for mapping in mappings)

    def _forced(self, commands: list[Command], asked: AskedSlot | None) -> list[Command]:
        """While a step insists on its slot, nothing but a value for it gets through."""
        if asked is None or asked.step is None or not asked.step.force_slot_filling:
            return commands
        kept: list[Command] = [
            c for c in commands if isinstance(c, SetSlot) and c.slot == asked.name
        ]
        return kept or [CannotHandle()]


def _is_enough(commands: list[Command], asked: AskedSlot | None) -> bool:
    return any(
        isinstance(command, StartFlow)
        or (asked is not None and isinstance(command, SetSlot) and command.slot == asked.name)
        for command in commands
    )


def _merged(earlier: list[Command], later: list[Command]) -> list[Command]:
    """What intents and entities say wins: the values of its slots, and its flow."""
    filled = {command.slot for command in earlier if isinstance(command, SetSlot)}
    starts = any(isinstance(command, StartFlow) for command in earlier)
    return earlier + [
        command
        for command in later
        if not (isinstance(command, SetSlot) and command.slot in filled)
        and not (isinstance(command, StartFlow) and starts)
    ]


def _as_dict(route: Route) -> dict[str, Any]:
    return {"to": route.side.value, **route.details}
