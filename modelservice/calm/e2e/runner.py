"""Runs end-to-end test cases against the engine, in this process."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from modelservice.calm.channels.bot import Bot
from modelservice.calm.content.components import LLM_GENERATORS, first_component
from modelservice.calm.dialogue.events import Event, slot_set
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.e2e.cases import TestCase, TestStep
from modelservice.calm.e2e.expectations import Outcome, check_assertion, check_expectation
from modelservice.calm.e2e.judging import JUDGED, NOT_JUDGED, judge_assertion
from modelservice.calm.models.generators import usable_model
from modelservice.calm.turns.turn import UserMessage
from modelservice.calm.understanding.llm.client import LanguageModel

logger = logging.getLogger(__name__)
CHANNEL = "collector"
_FLOW_EVENTS = ("flow_started", "flow_completed", "flow_cancelled")
_SEES_THE_START = (
    "action_executed",
    "slot_was_set",
    "slot_was_not_set",
    "bot_uttered",
    "bot_did_not_utter",
    *JUDGED,
)


@dataclass(frozen=True, slots=True)
class Failure:
    """`kind` is the assertion or expectation that does not hold, `expected` as it is written."""

    problem: str
    line: int | None
    kind: str
    expected: Any
    after: str | None

    def text(self) -> str:
        place = "at the start" if self.after is None else f"after “{self.after}”"
        return f"{place}: {self.kind}: {self.problem}"


@dataclass(frozen=True, slots=True)
class NotJudged:
    """An assertion that only a language model can judge, where there is none."""

    line: int | None
    kind: str

    def text(self) -> str:
        return f"{self.kind}: {NOT_JUDGED}"


@dataclass(frozen=True, slots=True)
class Result:
    """`failure` is None for a case that passed; `held` are the assertions that held."""

    case: TestCase
    events: Sequence[Event]
    seconds: float
    held: tuple[str, ...] = ()
    failure: Failure | None = None
    not_judged: tuple[NotJudged, ...] = ()

    @property
    def passed(self) -> bool:
        return self.failure is None

    def transcript(self) -> list[str]:
        """What was said, a line each."""
        return [_line(said) for said in self.said() if _is_heard(said)]

    def said(self) -> list[dict[str, Any]]:
        """What was said and what happened, by `who`: user, bot, slot, flow, action."""
        return [said for said in map(_said, self.events) if said is not None]


def _said(event: Event) -> dict[str, Any] | None:
    if event.type == "user":
        return {"who": "user", "text": event["text"]}
    if event.type == "bot":
        titles = [button.get("title") for button in event["data"].get("buttons") or ()]
        name = event.metadata.get("utter_action")
        return {"who": "bot", "text": event["text"], "response": name, "buttons": titles}
    if event.type == "slot":
        filled_by = event.get("filled_by")
        return {
            "who": "slot",
            "name": event["name"],
            "value": event["value"],
            "filled_by": filled_by,
        }
    if event.type in _FLOW_EVENTS:
        return {"who": "flow", "event": event.type, "flow_id": event["flow_id"]}
    if event.type == "action" and event["name"] != "action_listen":
        return {"who": "action", "name": event["name"]}
    return None


def _is_heard(said: Mapping[str, Any]) -> bool:
    """What was said, and the slots that it filled."""
    return said["who"] in {"user", "bot"} or bool(said.get("filled_by"))


def _line(said: Mapping[str, Any]) -> str:
    if said["who"] == "slot":
        return f"slot: {said['name']} = {said['value']!r}"
    name = said.get("response")
    return f"{said['who']}: {said['text']}" + (f"  [{name}]" if name else "")


class _Silent:
    async def send(self, sender_id: str, event: Event) -> None:
        """What the bot says is read from the events."""


async def run_cases(
    bot: Bot,
    cases: Sequence[TestCase],
    *,
    stop_at_first: bool,
    tell: Callable[[Result], None] | None = None,
) -> list[Result]:
    """Run the cases one after another and `tell` of each as it ends.

    Where any has a stub, the action server is not asked.
    """
    bot.custom_actions.only_stubs = any(case.stubs for case in cases)
    results = []
    for case in cases:
        results.append(await _Run(bot, case).run())
        if tell is not None:
            tell(results[-1])
        if stop_at_first and not results[-1].passed:
            break
    return results


class _Run:
    def __init__(self, bot: Bot, case: TestCase) -> None:
        self._bot = bot
        self._case = case
        self._held: list[str] = []
        self._not_judged: list[NotJudged] = []

    async def run(self) -> Result:
        started = time.monotonic()
        sender_id = f"{self._case.name}-{time.time_ns()}"
        async with self._bot.conversations.locked(sender_id) as tracker:
            await self._begin(tracker)
            failure = await self._steps(tracker)
            events = list(tracker.events)
        self._bot.conversations.forget(sender_id)
        seconds = time.monotonic() - started
        not_judged = tuple(self._not_judged)
        return Result(self._case, events, seconds, tuple(self._held), failure, not_judged)

    async def _begin(self, tracker: Tracker) -> None:
        for action, answer in self._case.stubs.items():
            self._bot.custom_actions.stubs.put(tracker, action, answer)
        await self._bot.engine.start_session(tracker)
        for name, value in self._case.slots.items():
            tracker.append(slot_set(name, value))

    async def _steps(self, tracker: Tracker) -> Failure | None:
        """The first expectation that does not hold; nothing more is sent after it."""
        turn = list(tracker.events)
        said: str | None = None
        for step in self._case.steps:
            if step.user is not None:
                before = turn if said is None else []
                said = step.user
                latest = tracker.latest_time
                message = UserMessage(step.user, CHANNEL, step.metadata)
                await self._bot.engine.handle(message, tracker, _Silent())
                turn = tracker.events_after(latest)
                failure = await self._assertions(step, turn, before)
            else:
                failure = self._expectation(step, turn, said)
            if failure is not None:
                return failure
        return None

    def _expectation(self, step: TestStep, turn: list[Event], said: str | None) -> Failure | None:
        kind = step.expectation or ""
        problem = check_expectation(kind, step.expected, turn)
        if problem is None:
            self._held.append(kind)
            return None
        return Failure(problem, step.line, kind, step.expected, said)

    async def _assertions(
        self, step: TestStep, turn: list[Event], before: list[Event]
    ) -> Failure | None:
        """Each on its turn; those on the first turn see what the session began with, too."""
        position: int | None = None
        for assertion in step.assertions:
            kind = next(iter(assertion), "")
            start = 0 if kind in _SEES_THE_START else len(before)
            if step.ordered and position is not None:
                start = position
            outcome = await self._outcome(step, assertion, [*before, *turn], start)
            if isinstance(outcome, str):
                return Failure(outcome, step.line, kind, assertion.get(kind), step.user)
            if outcome is None:
                self._not_judged.append(NotJudged(step.line, kind))
                continue
            self._held.append(kind)
            position = outcome
        return None

    async def _outcome(
        self, step: TestStep, assertion: Mapping[str, Any], events: list[Event], start: int
    ) -> Outcome | None:
        """None: nobody can judge it."""
        if next(iter(assertion), "") not in JUDGED:
            return check_assertion(assertion, events, start)
        model = self._judge()
        if model is None:
            return None
        return await judge_assertion(
            assertion, events, start, question=step.user or "", model=model
        )

    def _judge(self) -> LanguageModel | None:
        """The model that conftest names, else the one that understands the users."""
        config = self._bot.model.config
        component = first_component(config, "pipeline", LLM_GENERATORS) or {}
        wanted = self._case.judge if "llm" in self._case.judge else component
        return usable_model({"name": "llm_judge", **wanted}, self._bot.language_models)
