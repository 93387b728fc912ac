"""Flows and archives that were made, or went wrong, in a way that no training lets through."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from modelservice.calm.channels.bot import load_bot
from modelservice.calm.dialogue.events import Event
from modelservice.calm.dialogue.executor import ERROR_PATTERN
from modelservice.calm.errors import CalmError
from modelservice.calm.turns.turn import UserMessage
from tests.calm.conformance.notation import assert_sequence
from tests.calm.conformance.world import (
    CANCEL,
    CANNOT,
    ERROR,
    Outbox,
    Say,
    World,
    put,
    say,
    start,
    tea_house,
)

SESSION = "a(action_session_start) session_started"
LOOP = "[{id: a, noop: true, next: b}, {id: b, noop: true, next: a}]"


async def world_with(flows: str, *turns: Say) -> World:
    world = World(tea_house(f"flows:\n{flows}"), "", hears_intents=False)
    for turn in turns:
        await world.take(turn)
    return world


def told(events: list[Event]) -> str:
    """What the tracker says to an author of why something failed."""
    errors = [e for e in events if e.type == "flow_started" and e["flow_id"] == ERROR_PATTERN]
    return "; ".join(event.metadata["info"]["reason"] for event in errors)


# -- flows that go on for ever ---------------------------------------------------------------


@pytest.mark.parametrize(
    "flows",
    [
        f"  go: {{description: g, steps: {LOOP}}}\n",
        "  go: {description: g, steps: [{call: other}]}\n"
        "  other: {description: o, steps: [{call: go}]}\n",
        "  go: {description: g, steps: [{link: other}]}\n"
        "  other: {description: o, steps: [{link: go}]}\n",
        "  go: {description: g, steps: [{id: a, set_slots: [{kind: x}], next: a}]}\n",
    ],
    ids=["noop", "call", "link", "set_slots"],
)
async def test_a_flow_without_end_is_stopped_and_told(
    flows: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = await world_with(flows)
    events = await world.take(say(start("go")))
    said = [event.metadata["utter_action"] for event in world.outbox.events]
    assert said[0] == "utter_internal_error_rasa"
    assert "is stopped" in caplog.text
    assert "is stopped" in told(events)
    assert len(events) < 2500
    assert_sequence("U s(kind=green) …", await _ordered(world))


async def _ordered(world: World) -> Any:
    await world.take(say(CANCEL))
    await world.take(say(start("order_tea")))
    return await world.take(say(put("kind", "green")))


@pytest.mark.timeout(60)  # not a measure: what it must not be takes hours
@pytest.mark.parametrize(
    ("pattern", "turn"),
    [
        ("pattern_internal_error", say(ERROR)),
        ("pattern_cannot_handle", say(CANNOT)),
        ("pattern_completed", say(start("opening_hours"), put("weekday", "Mon"))),
        ("pattern_collect_information", say(start("order_tea"))),
        ("pattern_cancel_flow", say(CANCEL)),
    ],
)
async def test_a_pattern_without_end_is_stopped(pattern: str, turn: Say) -> None:
    world = await world_with(
        f"  {pattern}: {{description: p, steps: {LOOP}}}\n", say(start("pick"))
    )
    events = await world.take(turn)
    assert events[-1].type == "bot_turn_ended"
    assert len(world.tracker.stack) < 4


async def test_flows_that_pile_up_turn_by_turn_are_stopped() -> None:
    flows = "  go: {description: g, steps: [{action: utter_x}, {call: go}]}\n"
    world = await world_with(flows)
    for _ in range(3):
        await world.take(say(start("go")))
        assert len(world.tracker.stack) < 10
    said = [event.metadata["utter_action"] for event in world.outbox.events]
    assert said.count("utter_x") < 1000
    assert "utter_internal_error_rasa" in said


async def test_a_flow_that_talks_for_ever_is_ended_with_the_turn_and_can_be_cancelled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = await world_with("  go: {description: g, steps: [{id: a, action: utter_x, next: a}]}\n")
    await world.take(say(start("go")))
    assert len(world.outbox.events) == 1000
    assert "a turn ran 1000 actions" in caplog.text
    assert_sequence("U fx(go) fs(pattern_cancel_flow) …", await world.take(say(CANCEL)))
    assert world.tracker.stack.top_user_frame is None


# -- what breaks whenever it is run ----------------------------------------------------------

# Only templates can hide a condition that is none from training.
BROKEN = (
    "[{noop: true, next: [{if: 'slots.kind is {{ context.flow_id }} is', then: END}, {else: END}]}]"
)


async def test_a_flow_that_breaks_is_cancelled_and_told() -> None:
    world = await world_with(f"  go: {{description: g, steps: {BROKEN}}}\n")
    events = await world.take(say(start("go")))
    assert_sequence(f"{SESSION} U fs(pattern_internal_error) …", events)
    said = [event.metadata["utter_action"] for event in world.outbox.events]
    assert said[0] == "utter_internal_error_rasa"
    assert told(events) == (
        "ConditionError: the condition “slots.kind is go is” cannot be read: "
        "“is” (character 18) is not expected there"
    )
    assert_sequence("U s(kind=green) …", await _ordered(world))


async def test_a_flow_that_breaks_later_is_cancelled_and_told() -> None:
    steps = BROKEN.replace("[{noop", "[{collect: kind}, {noop", 1)
    world = await world_with(f"  go: {{description: g, steps: {steps}}}\n", say(start("go")))
    events = await world.take(say(put("kind", "green")))
    assert_sequence(
        "U fs(pattern_internal_error) SAY(utter_internal_error_rasa) fc(pattern_internal_error) "
        "fs(pattern_cancel_flow) a(action_cancel_flow) SAY(utter_flow_cancelled_rasa) "
        "fc(pattern_cancel_flow) fc(pattern_collect_information@NEXT:END) s(kind=null) "
        "fc(go@NEXT:END) PC",
        events,
    )


async def test_even_broken_patterns_leave_a_conversation_that_goes_on() -> None:
    patterns = ("pattern_internal_error", "pattern_cancel_flow", "pattern_completed")
    flows = "".join(
        f"  {name}: {{description: b, steps: {BROKEN}}}\n" for name in ("go", *patterns)
    )
    world = await world_with(flows, say(start("order_tea")))
    events = await world.take(say(start("go")))
    assert_sequence("U SAY(utter_internal_error_rasa)", events)
    assert events[-1].type == "bot_turn_ended"
    assert not world.tracker.stack
    assert_sequence("U fs(order_tea) …", await world.take(say(start("order_tea"))))


# -- archives --------------------------------------------------------------------------------


def packed(path: Path, body: bytes, *, name: str = "model.json") -> Path:
    with tarfile.open(path, "w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(body)
        archive.addfile(member, io.BytesIO(body))
    return path


def bomb(path: Path) -> Path:
    with gzip.open(path, "wb") as file:
        for _ in range(300):
            file.write(b"\0" * 1_000_000)
    return path


def test_archives_that_are_no_models(tmp_path: Path) -> None:
    whole = packed(tmp_path / "whole.tar.gz", b'{"format": 3}').read_bytes()
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.tar.gz").write_text("not an archive")
    (tmp_path / "changed.tar.gz").write_bytes(whole[:20] + b"\xff" * 20 + whole[40:])
    hostile = [
        *(tmp_path / f"{name}.tar.gz" for name in ("whole", "cut", "text", "changed")),
        packed(tmp_path / "deep.tar.gz", b"[" * 100_000),
        packed(tmp_path / "list.tar.gz", b"[]"),
        packed(tmp_path / "away.tar.gz", b"{}", name="../model.json"),
        bomb(tmp_path / "bomb.tar.gz"),
    ]
    for file in hostile:
        with pytest.raises(CalmError, match=file.name):
            load_bot(file, endpoints={}, environment={})


JUNK = ("null", "1", '"x"', "[]", "{}", "[1]", '{"x": 1}', "[[]]", '{"x": {"y": []}}', "true")
junk = st.sampled_from([*JUNK, '"NEXT:END"'])


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
async def test_a_changed_model_is_refused_or_held_conversations_with(
    data: st.DataObject, bank_model: Path, tmp_path: Path
) -> None:
    with tarfile.open(bank_model / "bank.tar.gz") as archive:
        stream = archive.extractfile("model.json")
        assert stream is not None
        body = json.load(stream)
    for _ in range(data.draw(st.integers(1, 3))):
        _replace_somewhere(body, data)
    file = packed(tmp_path / "m.tar.gz", json.dumps(body).encode())
    try:
        bot = load_bot(file, endpoints={}, environment={}, publish=False)
    except CalmError:
        return
    for text in ("send 5 euros to Tom", "/SetSlots(amount=7)", "cancel", "what is my balance?"):
        await bot.handle("ana", UserMessage(text, "rest"), Outbox())
    await bot.close()


def _replace_somewhere(body: Any, data: st.DataObject) -> None:
    """Put junk in the place of one value, wherever it is."""
    while True:
        keys = list(body) if isinstance(body, dict) else range(len(body))
        key = data.draw(st.sampled_from(keys))
        inner = body[key]
        if not isinstance(inner, (dict, list)) or not inner or data.draw(st.integers(0, 4)) == 0:
            body[key] = json.loads(data.draw(junk))
            return
        body = inner
