"""One turn: from a user's message to the bot's answers."""

from __future__ import annotations

import logging
import os
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from modelservice.calm.actions.runner import ActionRunner, Effects
from modelservice.calm.content.domain import ROUTING_SLOT
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.clean_up import clean_up
from modelservice.calm.dialogue.commands import Command, InternalError, Noop, SetSlot
from modelservice.calm.dialogue.events import ERROR_MESSAGE, Event, action_executed, slot_set
from modelservice.calm.dialogue.execution import execute
from modelservice.calm.dialogue.executor import (
    FlowExecutor,
    Prediction,
    stack_after_failure,
)
from modelservice.calm.dialogue.json_values import characters, is_json_value
from modelservice.calm.dialogue.nlu_adapter import mapped_value
from modelservice.calm.dialogue.reading import MessageReader, ReadMessage
from modelservice.calm.dialogue.routing import CLASSIC_RESPONSE, is_classic
from modelservice.calm.dialogue.session import (
    has_expired,
    needs_session_start,
    open_session,
    session_events,
)
from modelservice.calm.dialogue.stack import Stack
from modelservice.calm.dialogue.stale_frames import drop_stale_frames
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import ActionFailure, ActionRejected

logger = logging.getLogger(__name__)
# Rasa's own name for it, so that an operator's setting holds here as well.
MAX_ACTIONS = int(os.environ.get("MAX_NUMBER_OF_PREDICTIONS_CALM", "1000"))
# A flow whose every action fails must not make one turn endless.
MAX_FAILURES = 3
_SESSION_START = "action_session_start"
_VALIDATE_MAPPINGS = "action_validate_slot_mappings"
_ENDS_TURN = ("action_listen", _SESSION_START)
# Nobody says more at once, and a flood of long messages must not fill the memory.
MAX_CHARACTERS = 10_000
# What channels send along is kept with the message; a picture does not belong there.
MAX_METADATA_CHARACTERS = 50_000


@dataclass(frozen=True, slots=True)
class UserMessage:
    text: str
    channel: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    message_id: str = field(default_factory=lambda: uuid.uuid4().hex)


def truncate_message(message: UserMessage) -> UserMessage:
    """The message as far as it is kept: not too long, and with metadata that JSON can hold."""
    metadata = message.metadata
    if not is_json_value(metadata) or characters(metadata) > MAX_METADATA_CHARACTERS:
        logger.warning("a message's metadata is left out: it is too large or too deep")
        metadata = {}
    return replace(message, text=message.text.strip()[:MAX_CHARACTERS], metadata=metadata)


class OutputChannel(Protocol):
    async def send(self, sender_id: str, event: Event) -> None:
        """Hand a bot event to the user."""
        ...


class Turn:
    """Takes one message; when an attempt fails, the tracker is put back and another one made."""

    def __init__(
        self,
        assistant: Assistant,
        actions: ActionRunner,
        tracker: Tracker,
        channel: OutputChannel,
        message: UserMessage,
    ) -> None:
        self._assistant = assistant
        self._actions = actions
        self._tracker = tracker
        self._channel = channel
        self._message = message
        # Why an attempt at this turn failed; goes into the context of the error that is told.
        self.reason = ""
        self._read: ReadMessage | None = None
        self._milliseconds = 0.0
        self._featurized = False
        self._failures = 0
        self._rejected = False

    def broke_in_a_flow_of(self, stack: Stack) -> bool:
        """Whether the flow in which the turn stopped was running before it already."""
        frame = self._tracker.stack.top_user_frame
        is_known = frame is not None and stack.index_of(frame.frame_id) >= 0
        return self._read is not None and is_known

    async def run(self, reader: MessageReader) -> None:
        await self._begin()
        begun = time.perf_counter()
        read = self._read = await reader.read(self._message.text, self._tracker)
        self._milliseconds = _milliseconds_since(begun)
        if read.nlu.intent != "silence_timeout":
            self._reset_silence_counter()
        self._append_user(read)
        await self._fill_slots_beside_commands(read)
        drop_stale_frames(self._assistant, self._tracker)
        self._execute(read.commands)
        if read.is_classic or is_classic(self._tracker):
            await self._run(Prediction(CLASSIC_RESPONSE, policy=None))
        await self.predict()

    async def apologise(self) -> None:
        await self._begin_with_error()
        self._execute([InternalError(info={"reason": self.reason})])
        await self.predict()

    async def stop_flow(self) -> None:
        """Apologise, and cancel the flow in which the turn cannot go on."""
        await self._begin_with_error()
        self._tracker.set_stack(self._stack_after_failure(self.reason))
        await self.predict()

    async def start_over(self) -> None:
        """Apologise without a pattern: even those cannot be run."""
        await self._begin_with_error()
        self._tracker.set_stack(Stack())
        await self._run(Prediction("utter_internal_error_rasa", policy=None))
        await self.predict()

    async def _begin_with_error(self) -> None:
        self._featurized, self._failures, self._rejected = False, 0, False
        await self._begin()
        unread = ReadMessage(self._message.text, [InternalError()])
        self._append_user(self._read or unread)

    async def _begin(self) -> None:
        drop_stale_frames(self._assistant, self._tracker)
        if needs_session_start(self._assistant, self._tracker):
            await self.start_session()
        elif has_expired(self._assistant, self._tracker):
            self._tracker.begin_session()

    async def start_session(self) -> None:
        """Begin a session, with the project's own action_session_start if it has one."""
        opening = open_session(self._tracker, self._message.metadata)
        effects: Effects = session_events(self._assistant, opening)
        outcome: dict[str, Any] = {"execution_success": True}
        if self._actions.is_custom(_SESSION_START):
            begun = time.perf_counter()
            try:
                done = await self._actions.run(_SESSION_START, self._tracker, self._message.channel)
                effects = done.effects
            except (ActionFailure, ActionRejected) as error:
                logger.error("%s", error)
                outcome = _failure(error)
            outcome["milliseconds"] = _milliseconds_since(begun)
        self._tracker.append(action_executed(_SESSION_START, confidence=1.0, metadata=outcome))
        await self._apply(effects)

    def _execute(self, commands: list[Command]) -> None:
        cleaned = clean_up(commands, assistant=self._assistant, tracker=self._tracker)
        execute(cleaned, assistant=self._assistant, tracker=self._tracker)

    def _reset_silence_counter(self) -> None:
        if self._tracker.slots.get("consecutive_silence_timeouts"):
            self._tracker.append(slot_set("consecutive_silence_timeouts", 0.0))

    def _append_user(self, read: ReadMessage) -> None:
        message = self._message
        parse_data = {
            "intent": {"name": read.nlu.intent, "confidence": read.nlu.confidence},
            "entities": list(read.nlu.entities),
            "text": read.text,
            "message_id": message.message_id,
            "metadata": dict(message.metadata),
            "commands": [command.as_dict() for command in read.commands],
            "milliseconds": self._milliseconds,
            **read.details,
        }
        fields = {
            "text": read.text,
            "parse_data": parse_data,
            "input_channel": message.channel,
            "message_id": message.message_id,
            "anonymized_at": None,
        }
        self._tracker.append(Event("user", fields, dict(message.metadata)))

    # -- slots beside the commands ---------------------------------------------------------

    async def _fill_slots_beside_commands(self, read: ReadMessage) -> None:
        if not any(_is_a_request(command) for command in read.commands):
            self._fill_from_nlu(read)
            await self._run_beside(_VALIDATE_MAPPINGS)
        for name in self._assistant.domain.actions_of_every_turn:
            await self._run_beside(name)

    async def _run_beside(self, name: str) -> None:
        """Run a custom action, if there is one, for its slots and texts only."""
        if self._actions.is_custom(name):
            try:
                events = await self._actions.run_every_turn(
                    name, self._tracker, self._message.channel
                )
            except (ActionFailure, ActionRejected) as error:
                logger.error("%s", error)
            else:
                await self._apply(events)

    def _fill_from_nlu(self, read: ReadMessage) -> None:
        if read.nlu.intent is None and not read.nlu.entities:
            return
        frame = self._tracker.stack.top_user_frame
        active = None if frame is None else frame.flow_id
        for slot in self._assistant.domain.slots.values():
            value = mapped_value(slot, read.nlu, read.text, active)
            if value is not None and value != self._tracker.slots.get(slot.name):
                self._tracker.append(slot_set(slot.name, value, "NLU"))

    # -- predictions -----------------------------------------------------------------------

    async def predict(self) -> None:
        """Run actions until the assistant waits for the user again, or the session is over."""
        for _ in range(MAX_ACTIONS):
            if self._tracker.state.paused or self._tracker.state.terminated:
                return
            prediction = self._next()
            await self._run(prediction)
            if prediction.action in _ENDS_TURN:
                break
        else:
            logger.error("a turn ran %d actions; it is ended", MAX_ACTIONS)
            return
        if self._tracker.state.latest_action == "action_listen":
            self._tracker.append(Event("bot_turn_ended"))

    def _next(self) -> Prediction:
        if self._rejected or is_classic(self._tracker):
            return Prediction("action_listen", 0.0, None)
        followup = self._tracker.state.followup_action
        if followup is not None:
            self._tracker.state.followup_action = None
            if self._assistant.knows_action(followup):
                return Prediction(followup, policy="followup_action")
            logger.warning("the follow-up action '%s' does not exist", followup)
        return FlowExecutor(self._assistant, self._tracker).predict()

    async def _run(self, prediction: Prediction) -> None:
        if not self._featurized:
            self._featurized = True
            fields = {"use_text_for_featurization": False}
            self._tracker.append(Event("user_featurization", fields))
        begun = time.perf_counter()
        try:
            done = await self._actions.run(prediction.action, self._tracker, self._message.channel)
        except ActionRejected as error:
            await self._reject(prediction, error)
        except ActionFailure as error:
            self._fail(prediction, error, self._latency(prediction, begun))
        else:
            noted = {ERROR_MESSAGE: "; ".join(done.problems)} if done.problems else {}
            self._append_action(prediction, {**self._latency(prediction, begun), **noted})
            await self._apply(done.effects)

    def _latency(self, prediction: Prediction, begun: float) -> dict[str, float]:
        """How long a custom action took; what runs in here is too quick to be worth a note."""
        if not self._actions.is_custom(prediction.action):
            return {}
        return {"milliseconds": _milliseconds_since(begun)}

    def _append_action(self, prediction: Prediction, outcome: Mapping[str, Any]) -> None:
        self._tracker.append(
            action_executed(
                prediction.action,
                policy=prediction.policy,
                confidence=prediction.confidence,
                metadata={**prediction.metadata, **outcome},
            )
        )

    async def _apply(self, effects: Effects) -> None:
        for effect in effects:
            if self._tracker.state.terminated:
                return  # a conversation that is over takes no event any more
            if isinstance(effect, Stack):
                self._tracker.set_stack(effect)
                continue
            event = self._tracker.append(effect)
            if event.type == "bot":
                await self._send(event)

    async def _send(self, event: Event) -> None:
        try:
            await self._channel.send(self._tracker.sender_id, event)
        except Exception:
            # The user has left, or the channel cannot show it. The conversation is right as it is.
            logger.exception("a message to conversation %s is not sent", self._tracker.sender_id)

    async def _reject(self, prediction: Prediction, error: ActionRejected) -> None:
        """A rejected action ends the turn; the next one goes on after its step."""
        logger.warning("%s", error)
        fields = {
            "name": prediction.action,
            "policy": prediction.policy,
            "confidence": prediction.confidence,
        }
        self._tracker.append(Event("action_execution_rejected", fields))
        self._rejected = True

    def _fail(
        self, prediction: Prediction, error: ActionFailure, latency: Mapping[str, float]
    ) -> None:
        logger.error("%s", error)
        self._append_action(prediction, {**_failure(error), **latency})
        self._failures += 1
        if self._failures > MAX_FAILURES:
            self._tracker.set_stack(Stack())
            return
        self._tracker.set_stack(self._stack_after_failure(str(error)))

    def _stack_after_failure(self, reason: str) -> Stack:
        language = self._tracker.slots.get("language")
        return stack_after_failure(
            self._tracker.stack,
            lambda flow_id: self._assistant.flow_name(flow_id, language),
            reason,
        )


def _failure(error: Exception) -> dict[str, Any]:
    return {"execution_success": False, ERROR_MESSAGE: str(error)}


def _milliseconds_since(begun: float) -> float:
    return round((time.perf_counter() - begun) * 1000, 2)


def _is_a_request(command: Command) -> bool:
    routing = isinstance(command, SetSlot) and command.slot == ROUTING_SLOT
    return not isinstance(command, Noop) and not routing
