"""Holds the conversations of one assistant, turn by turn, whatever breaks in them."""

from __future__ import annotations

import logging

from modelservice.calm.actions.runner import ActionRunner
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.events import Event
from modelservice.calm.dialogue.reading import MessageReader
from modelservice.calm.dialogue.session import needs_session_start
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.turns.turn import OutputChannel, Turn, UserMessage, truncate_message

logger = logging.getLogger(__name__)


class TurnEngine:
    def __init__(self, assistant: Assistant, reader: MessageReader, actions: ActionRunner) -> None:
        self.assistant = assistant
        self._reader = reader
        self._actions = actions

    async def handle(self, message: UserMessage, tracker: Tracker, channel: OutputChannel) -> None:
        """Take one message. The caller holds the conversation's lock.

        If something unforeseen breaks, the turn is taken back and the user is told that it did;
        if that breaks as well, the flow is stopped, and at last everything that is under way.
        """
        if tracker.state.terminated:
            return
        events, state = len(tracker.events), tracker.state.copy()
        turn = self._turn(tracker, channel, truncate_message(message))
        attempts = [lambda: turn.run(self._reader), turn.apologise, turn.stop_flow, turn.start_over]
        while attempts:
            try:
                await attempts.pop(0)()
                break
            except Exception as error:
                logger.exception("a turn of conversation %s failed", tracker.sender_id)
                turn.reason = f"{type(error).__name__}: {error}"
                if turn.broke_in_a_flow_of(state.stack) and turn.apologise in attempts:
                    attempts.remove(turn.apologise)
                tracker.rollback(events, state.copy())

    async def start_session(self, tracker: Tracker) -> None:
        """Begin the session of a conversation that somebody looks at before it is used."""
        if needs_session_start(self.assistant, tracker):
            await self._turn(tracker, _Nobody(), UserMessage("", "rest")).start_session()

    async def go_on(self, tracker: Tracker, channel: OutputChannel) -> None:
        """Predict on after the tracker was replaced from outside."""
        message = UserMessage("", tracker.state.latest_input_channel or "rest")
        await self._turn(tracker, channel, message).predict()

    def _turn(self, tracker: Tracker, channel: OutputChannel, message: UserMessage) -> Turn:
        return Turn(self.assistant, self._actions, tracker, channel, message)


class _Nobody:
    """A channel for what is said while no user is there."""

    async def send(self, sender_id: str, event: Event) -> None:
        return
