"""Runs end-to-end test cases against the engine, in this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelservice.calm.channels.bot import Bot, load_bot
from modelservice.calm.dialogue.events import Event, slot_set
from modelservice.calm.dialogue.turn import UserMessage
from modelservice.calm.e2e.cases import TestCase, TestStep, read_cases
from modelservice.calm.e2e.expectations import check_assertion, check_expectation
from modelservice.calm.errors import CalmError

CHANNEL = "collector"


@dataclass(frozen=True, slots=True)
class Result:
    """`problem` is None for a case that passed; `line` is the step that failed."""

    case: TestCase
    problem: str | None = None
    line: int | None = None

    def text(self) -> str:
        if self.problem is None:
            return f"passed: {self.case.name}"
        return f"FAILED: {self.case.name}\n  {self.case.file}:{self.line}: {self.problem}"


class _Silent:
    async def send(self, sender_id: str, event: Event) -> None:
        """What the bot says is read from the events."""


def run_files(
    path: Path,
    *,
    model: Path,
    endpoints: Mapping[str, Any] | None,
    environment: Mapping[str, str],
    stop_at_first: bool,
    say: Callable[[str], None],
) -> int:
    """Run all cases and report them; 0 if there were any and all passed."""
    cases = read_cases(path)
    if not cases:
        raise CalmError(f"there are no test cases in {path}")
    bot = load_bot(model, endpoints=endpoints, environment=environment, publish=False)
    results = asyncio.run(run_cases(bot, cases, stop_at_first=stop_at_first))
    for result in results:
        say(result.text())
    failed = sum(result.problem is not None for result in results)
    say(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


async def run_cases(bot: Bot, cases: list[TestCase], *, stop_at_first: bool) -> list[Result]:
    results = []
    for case in cases:
        results.append(await run_case(bot, case))
        if stop_at_first and results[-1].problem is not None:
            break
    await bot.close()
    return results


async def run_case(bot: Bot, case: TestCase) -> Result:
    sender_id = f"{case.name}-{time.time_ns()}"
    async with bot.conversations.locked(sender_id) as tracker:
        await bot.engine.start_session(tracker)
        for name, value in case.slots.items():
            tracker.append(slot_set(name, value))
        turn = list(tracker.events)
        for step in case.steps:
            if step.user is not None:
                before = [] if turn and turn[-1].type == "bot_turn_ended" else turn
                message = UserMessage(step.user, CHANNEL, step.metadata)
                latest = tracker.latest_time
                await bot.engine.handle(message, tracker, _Silent())
                turn = tracker.events_after(latest)
                problem = _failed_assertion(step, turn, before)
            else:
                problem = check_expectation(step.expectation or "", step.expected, turn)
            if problem is not None:
                bot.conversations.forget(sender_id)
                return Result(case, problem, step.line)
    bot.conversations.forget(sender_id)
    return Result(case)


_SEES_THE_START = ("action_executed", "slot_was_set", "slot_was_not_set", "bot_uttered")


def _failed_assertion(step: TestStep, turn: list[Event], before: list[Event]) -> str | None:
    """The first assertion on this turn that fails; the first turn's see the session start."""
    position = 0
    for assertion in step.assertions:
        kind = next(iter(assertion), "")
        events = [*before, *turn] if kind in _SEES_THE_START else turn
        outcome = check_assertion(assertion, events, position if step.ordered else 0)
        if isinstance(outcome, str):
            return f"after “{step.user}”: {kind}: {outcome}"
        position = outcome
    return None
