"""The numbered conformance cases of a CALM runtime, each against the real engine."""

from __future__ import annotations

import pytest

from tests.calm.conformance import (
    actions,
    cancel_and_resume,
    corrections,
    nlu_and_responses,
    repair_patterns,
    session_and_parsing,
    slots_and_rejections,
    start_and_collect,
    steps,
)
from tests.calm.conformance.case import Case
from tests.calm.conformance.notation import assert_sequence
from tests.calm.conformance.world import ActionHost, World, tea_house

CASES = [
    *session_and_parsing.CASES,
    *start_and_collect.CASES,
    *slots_and_rejections.CASES,
    *corrections.CASES,
    *cancel_and_resume.CASES,
    *repair_patterns.CASES,
    *steps.CASES,
    *actions.CASES,
    *nlu_and_responses.CASES,
]
# Response selection and the command language are checked in their own files.
ELSEWHERE = {115, 116, 117, 118, 119, 120}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number:03d}-{case.title}")
async def test_case(case: Case) -> None:
    host = ActionHost(case.answers)
    async with host.server as server:
        hears_intents = any(turn.nlu is not None for turn in (*case.before, case.turn))
        world = World(
            tea_house(case.changes, sound=case.sound),
            str(server.make_url("/webhook")),
            hears_intents=hears_intents,
        )
        for turn in case.before:
            await world.take(turn)
        if case.retrained is not None:
            world.use(tea_house(case.retrained))
        events = await world.take(case.turn)
        assert_sequence(case.expected, events, keep_listen=case.keep_listen)
        if case.check is not None:
            case.check(world, events)
        for turn, expected in case.then:
            assert_sequence(expected, await world.take(turn))
        await world.close()


def test_every_case_is_there() -> None:
    assert sorted({case.number for case in CASES} | ELSEWHERE) == list(range(1, 121))
