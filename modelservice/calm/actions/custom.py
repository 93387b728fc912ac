"""Who runs custom actions: an action server, the project's own module, or stubs."""

from __future__ import annotations

from typing import Protocol

from modelservice.calm.actions.answers import ActionAnswer
from modelservice.calm.actions.stubs import ActionStubs
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import ActionFailure
from modelservice.common import tracing


class ActionExecutor(Protocol):
    """Runs the actions that no stub answers for; `beside_stubs` says whether also in tests with
    stubs, where an action server is not asked."""

    beside_stubs: bool

    async def call(self, name: str, tracker: Tracker, assistant: Assistant) -> ActionAnswer:
        """Raises `ActionFailure` or `ActionRejected`, both naming the action."""
        ...

    async def problem(self) -> str | None:
        """Why no action can be run now; None if one can be tried."""
        ...

    async def close(self) -> None: ...


class NoActions:
    """Where actions are not run: says why."""

    beside_stubs = False

    def __init__(self, reason: str) -> None:
        self._reason = reason

    async def call(self, name: str, tracker: Tracker, assistant: Assistant) -> ActionAnswer:
        raise ActionFailure(f"custom action '{name}' is not run: {self._reason}")

    async def problem(self) -> str | None:
        return None

    async def close(self) -> None:
        return


class CustomActions:
    """`stubs` answer before the executor is asked; with `only_stubs` no action server is."""

    def __init__(self, executor: ActionExecutor) -> None:
        self.stubs = ActionStubs()
        self.only_stubs = False
        self._executor = executor

    async def close(self) -> None:
        await self._executor.close()

    async def problem(self) -> str | None:
        """Why actions cannot be run now; None if they can, or if the project has none."""
        return await self._executor.problem()

    async def call(self, name: str, tracker: Tracker, assistant: Assistant) -> ActionAnswer:
        """Run one action. Raises `ActionFailure` or `ActionRejected`, both naming the action."""
        stub = self.stubs.answer(tracker, name)
        if stub is not None:
            return stub
        if self.only_stubs and not self._executor.beside_stubs:
            raise ActionFailure(f"custom action '{name}' has no stub; tests with stubs ask nobody")
        with tracing.span(f"action: {name}", "CLIENT"):
            return await self._executor.call(name, tracker, assistant)
