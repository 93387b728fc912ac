"""Hostile surroundings: the conversation goes on, memory stays bounded."""

from __future__ import annotations

import asyncio
import json
import os
from functools import reduce
from pathlib import Path

import pytest

from modelservice.calm.channels.broker import FileBroker, NoBroker
from modelservice.calm.channels.conversations import Conversations, TooBusy
from modelservice.calm.dialogue import tracker as tracker_module
from modelservice.calm.dialogue.events import Event, slot_set
from modelservice.calm.dialogue.generator import Proposal, Request
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.turns.turn import UserMessage
from tests.calm.conformance.notation import assert_sequence
from tests.calm.conformance.world import (
    IN_SIZE,
    World,
    say,
    send,
    start,
    tea_house,
)


async def test_a_user_who_has_left_does_not_undo_the_turn(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Gone:
        async def send(self, sender_id: str, event: Event) -> None:
            raise ConnectionResetError("gone")

    world = World(tea_house(), "", hears_intents=False)
    world.generator.commands = [start("order_tea")]
    await world.engine.handle(_message(), world.tracker, Gone())
    assert_sequence(
        "a(action_session_start) session_started U fs(order_tea) ASK(kind)", world.tracker.events
    )
    assert "is not sent" in caplog.text


async def test_events_of_a_turn_that_is_cut_off_are_published(tmp_path: Path) -> None:
    conversations = Conversations(tea_house(), FileBroker(tmp_path / "log", environment=None))

    async def turn() -> None:
        async with conversations.locked("ana") as tracker:
            tracker.append(slot_set("kind", "green"))
            await asyncio.sleep(30)

    task = asyncio.create_task(turn())
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])
    assert '"green"' in (tmp_path / "log").read_text()


LONG = 1_000_000
NESTED = reduce(lambda value, _: [value], range(500), list[object]())


@pytest.mark.timeout(60)  # not a measure: what it must not be takes hours
@pytest.mark.parametrize(
    "text",
    [
        "/" + "a" * LONG,
        "/a" + " " * LONG + "b",
        "/SetSlots(" + "a" * LONG + ")",
        "/SetSlots(" + "a," * (LONG // 2) + "=",
        "/SetSlots(kind" + " " * LONG + ")",
        "/SetSlots(kind=" + "[" * LONG,
        "/SetSlots(kind=" + "x" * LONG + ")",
        "/greet" + '{"a":' * (LONG // 5),
        "/greet@" + "1" * LONG,
        "{{" * (LONG // 2),
        "\x00" * LONG,
    ],
    ids=lambda text: text[:16],
)
async def test_a_megabyte_in_any_form_is_read_at_once(text: str) -> None:
    world = World(tea_house(), "", hears_intents=False)
    await world.take(say(start("order_tea")))
    events = await world.take(send(text))
    assert events[-1].type == "bot_turn_ended"
    assert_sequence("U fs(opening_hours) …", await _digression(world))


async def _digression(world: World) -> list[Event]:
    events = await world.take(say(start("opening_hours")))
    return [event for event in events if event.type != "flow_interrupted"]


class RaisingGenerator:
    name = "raising"

    async def propose(self, request: Request) -> Proposal:
        raise RuntimeError("no commands today")


async def test_a_generator_that_raises_means_no_commands() -> None:
    world = World(tea_house(), "", hears_intents=False)
    for turn in IN_SIZE:
        await world.take(turn)
    world.generator = RaisingGenerator()  # type: ignore[assignment]  # in the scripted one's place
    world.use(world.assistant)
    latest = world.tracker.latest_time
    await world.engine.handle(_message(), world.tracker, world.outbox)
    events = world.tracker.events_after(latest)
    assert_sequence("U RE(size)", events)
    assert "no commands today" in events[0]["parse_data"]["note"]


async def test_a_turn_that_breaks_is_taken_back_and_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = World(tea_house(), "", hears_intents=False)
    for turn in IN_SIZE:
        await world.take(turn)
    before = dict(world.tracker.slots)
    reader = world.engine._reader

    async def broken(text: str, tracker: Tracker) -> None:
        tracker.append(slot_set("kind", "half done"))
        raise ZeroDivisionError

    monkeypatch.setattr(reader, "read", broken)
    latest = world.tracker.latest_time
    await world.engine.handle(_message(), world.tracker, world.outbox)
    assert_sequence(
        "U fs(pattern_internal_error) SAY(utter_internal_error_rasa) "
        "fc(pattern_internal_error) RE(size)",
        world.tracker.events_after(latest),
    )
    assert dict(world.tracker.slots) == before


def _message() -> UserMessage:
    return UserMessage("hello", "rest")


async def test_conversations_are_bounded_and_the_busy_one_is_kept() -> None:
    conversations = Conversations(tea_house(), NoBroker(), capacity=3)
    async with conversations.locked("busy"):
        for number in range(10):
            async with conversations.locked(f"c{number}"):
                pass
        assert "busy" in conversations
    assert [f"c{n}" in conversations for n in (6, 7, 8, 9)] == [False, False, True, True]
    assert conversations.forget("c9")
    assert not conversations.forget("c9")


async def test_long_conversations_leave_room_for_fewer() -> None:
    conversations = Conversations(tea_house(), NoBroker(), event_capacity=100)
    for number in range(10):
        async with conversations.locked(f"c{number}") as tracker:
            tracker.extend(slot_set("kind", "green") for _ in range(30))
        # Coming back to it counts only what is new.
        async with conversations.locked(f"c{number}") as tracker:
            tracker.append(slot_set("kind", "black"))
    assert [f"c{n}" in conversations for n in range(10)] == [False] * 7 + [True] * 3


@pytest.mark.parametrize(
    "value", ["x" * 1_000_000, NESTED, float("nan")], ids=["large", "deep", "no number"]
)
async def test_metadata_that_cannot_be_kept_are_left_out(
    value: object, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tea_house(), "", hears_intents=False)
    events = await world.take(send("hi", metadata={"value": value}))
    assert len(json.dumps([event.as_dict() for event in events])) < 10_000
    assert "metadata is left out" in caplog.text


async def test_a_large_event_counts_for_many() -> None:
    conversations = Conversations(tea_house(), NoBroker(), event_capacity=10_000)
    for number in range(6):
        async with conversations.locked(f"c{number}") as tracker:
            for _ in range(10):
                tracker.append(slot_set("kind", "x" * 1_000_000))
        assert len(tracker.events) < 5
        assert len(tracker.slots["kind"]) == 1_000_000
    assert [f"c{n}" in conversations for n in range(6)] == [False] * 4 + [True] * 2


async def test_only_so_many_messages_wait_for_one_conversation() -> None:
    conversations = Conversations(tea_house(), NoBroker())

    async def wait() -> None:
        async with conversations.locked("ana"):
            await asyncio.sleep(0)

    async with conversations.locked("ana"):
        tasks = [asyncio.create_task(wait()) for _ in range(150)]
        await asyncio.sleep(0)
        refused = [task for task in tasks if task.done()]
        assert {type(task.exception()) for task in refused} == {TooBusy}
        assert len(refused) == 51
    await asyncio.gather(*set(tasks) - set(refused))
    async with conversations.locked("ana"):
        assert "ana" in conversations


async def test_one_message_at_a_time() -> None:
    conversations = Conversations(tea_house(), NoBroker())
    order: list[str] = []

    async def turn(name: str) -> None:
        async with conversations.locked("ana"):
            order.append(f"{name} begins")
            await asyncio.sleep(0.01)
            order.append(f"{name} ends")

    await asyncio.gather(turn("a"), turn("b"))
    assert order == ["a begins", "a ends", "b begins", "b ends"]


async def test_old_events_are_published_and_dropped_but_the_state_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tracker_module, "MAX_EVENTS", 50)
    world = World(tea_house(), "", hears_intents=False)
    broker = FileBroker(tmp_path / "log", environment=None)
    conversations = Conversations(world.assistant, broker, clock=lambda: world.time)
    taken: list[float] = []
    for turn in (*IN_SIZE, *[say(start("order_tea"))] * 20, say(minutes_later=61)):
        async with conversations.locked("ana") as world.tracker:
            taken += [event.timestamp for event in await world.take(turn)]
        assert len(world.tracker.events) <= 50
    assert world.tracker.slots["kind"] == "green"
    lines = (tmp_path / "log").read_text().splitlines()
    assert [json.loads(line)["timestamp"] for line in lines] == taken


async def test_a_turn_is_one_write_and_a_broken_file_does_not_stop_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    writes: list[bytes] = []
    real_write = os.write

    def counted(file: int, data: bytes) -> int:
        writes.append(data)
        return real_write(file, data)

    monkeypatch.setattr(os, "write", counted)
    log = tmp_path / "deep" / "events.log"
    broker = FileBroker(log, environment=None)
    conversations = Conversations(tea_house(), broker)
    async with conversations.locked("ana") as tracker:
        tracker.append(slot_set("kind", "grün"))
        tracker.append(slot_set("kind", "x\ny"))
    assert len(writes) == 1
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["value"] for line in lines] == ["grün", "x\ny"]
    assert lines[0]["metadata"]["rasa_environment"] is None

    def full(file: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    async with conversations.locked("ana") as tracker:
        tracker.append(slot_set("kind", "z"))
    assert "No space left" in caplog.text
