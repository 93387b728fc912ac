"""Answers that stand in for an action server, set and removed while a conversation runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from modelservice.calm.actions.answers import ActionAnswer, read_answer
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import ActionFailure

MAX_STUB_CHARACTERS = 100_000


class ActionStubs:
    """Answers by conversation and action; they are forgotten together with the conversation."""

    def __init__(self) -> None:
        self._bodies: WeakKeyDictionary[Tracker, dict[str, Mapping[str, Any]]] = WeakKeyDictionary()

    def put(self, tracker: Tracker, action: str, answer: Mapping[str, Any] | None) -> None:
        """Give the action this answer from now on, or with None the action server's again.

        Raises `ActionFailure` for what an action server could not answer either.
        """
        bodies = self._bodies.setdefault(tracker, {})
        if answer is None:
            bodies.pop(action, None)
            return
        read_answer(action, answer)
        if len(json.dumps(answer)) > MAX_STUB_CHARACTERS:
            raise ActionFailure(f"the stub of '{action}' is longer than {MAX_STUB_CHARACTERS}")
        bodies[action] = answer

    def of(self, tracker: Tracker) -> dict[str, Mapping[str, Any]]:
        """The conversation's stubs: action name → answer."""
        return dict(self._bodies.get(tracker, {}))

    def answer(self, tracker: Tracker, action: str) -> ActionAnswer | None:
        body = self._bodies.get(tracker, {}).get(action)
        return None if body is None else read_answer(action, body)
