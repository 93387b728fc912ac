"""Random commands against random moments: what must hold whatever happens."""

from __future__ import annotations

import asyncio
import json
import logging
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonpatch
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modelservice.calm.actions.answers import ActionAnswer
from modelservice.calm.actions.custom import CustomActions, NoActions
from modelservice.calm.channels.broker import FileBroker
from modelservice.calm.channels.conversations import Conversations
from modelservice.calm.content.flow import END, NEXT_PREFIX
from modelservice.calm.dialogue.assistant import Assistant
from modelservice.calm.dialogue.commands import Command
from modelservice.calm.dialogue.stack import CALL
from modelservice.calm.dialogue.tracker import Tracker
from modelservice.calm.errors import ActionFailure, ActionRejected
from tests.calm.conformance.world import (
    CANCEL,
    CANNOT,
    CHITCHAT,
    ERROR,
    KNOWLEDGE,
    REPEAT,
    SKIP,
    Say,
    World,
    clarify,
    put,
    say,
    send,
    start,
    tea_house,
)

PROJECT = """
flows:
  order_tea:
    steps:
      - collect: kind
        rejections: [{if: 'slots.kind = "mud"', utter: utter_big}]
      - collect: size
        ask_before_filling: true
      - call: pick
      - noop: true
        next:
          - if: slots.weekday is "Mon"
            then: [{set_slots: [{weekday: null}], next: order_tea_0_collect_kind}]
          - else: END
  pick: {description: pick, steps: [{collect: weekday}]}
  pay: {description: pay, steps: [{set_slots: [{size: big}]}, {link: opening_hours}]}
  brew:
    description: brew
    persisted_slots: [kind]
    steps:
      - collect: kind
      - action: action_brew
      - {collect: cups, reset_after_flow_ends: false}
      - {collect: milk, force_slot_filling: true}
      - action: action_brew
      - call: order_tea
      - action: utter_x
  hand_over: {description: hand over, steps: [{action: action_brew}, {link: pattern_human_handoff}]}
  look_up: {description: look up, if: slots.kind is not null, steps: [{link: pattern_search}]}
  spin: {description: spin, steps: [{id: a, noop: true, next: b}, {id: b, noop: true, next: a}]}
domain:
  actions: [action_brew, validate_kind, action_ask_cups]
  slots:
    cups:
      type: float
      initial_value: 1
      validation: {rejections: [{if: slots.cups > 3, utter: utter_big}], refill_utter: utter_x}
    milk: {type: bool}
  responses: {utter_ask_milk: [{text: Milk?}]}
"""
FLOWS = ("order_tea", "opening_hours", "pay", "pick", "brew", "hand_over", "look_up", "spin")
ASSISTANT = tea_house(PROJECT)
ASSISTANTS = {
    "as it was": ASSISTANT,
    "changed": tea_house(PROJECT.replace("description: pick", "description: pick a day")),
}
# What each flow empties at its own end; a called flow leaves that to its caller.
RESETS: dict[str, dict[str, Any]] = {
    "order_tea": {"kind": None, "size": None, "weekday": None},
    "pick": {"weekday": None},
    "pay": {"size": None},
    "opening_hours": {"weekday": None},
    "brew": {"milk": None, "size": None, "weekday": None},
}


class Kitchen(CustomActions):
    """Does in each call what the script says next; fails or refuses by its errors."""

    def __init__(self) -> None:
        super().__init__(NoActions("nobody"))
        self.outcomes: list[ActionAnswer | Exception] = []

    async def call(self, name: str, tracker: Tracker, assistant: Assistant) -> ActionAnswer:
        outcome = self.outcomes.pop(0) if self.outcomes else ActionAnswer()
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@dataclass(frozen=True)
class Turn:
    said: Say
    outcomes: tuple[ActionAnswer | Exception, ...] = ()
    assistant: str = "as it was"


def answer(kind: str, **fields: Any) -> ActionAnswer:
    return ActionAnswer([{"event": kind, **fields}], [{"text": "done"}])


outcomes: st.SearchStrategy[ActionAnswer | Exception] = st.sampled_from(
    [
        ActionAnswer(),
        ActionFailure("burnt"),
        ActionRejected("not now"),
        answer("slot", name="kind", value="black"),
        answer("slot", name="kind", value=None),
        answer("slot", name="cups", value=9),
        answer("slot", name="nope", value=9),
        answer("followup", name="utter_x"),
        answer("followup", name="flow_opening_hours"),
        answer("followup", name="action_brew"),
        answer("followup", name="action_nope"),
        answer("restart"),
        answer("session_started"),
        answer("reset_slots"),
        answer("pause"),
        answer("resume"),
        answer("session_ended"),
    ]
)
values = st.sampled_from(["green", "mud", "Mon", "none", "7", True, False, None, "order_tea"])
slots = st.sampled_from(
    [
        "kind",
        "size",
        "weekday",
        "cups",
        "milk",
        "nope",
        "continue_conversation",
        "continue_interrupted_flow_confirmation",
        "interrupted_flow_to_continue",
    ]
)
commands: st.SearchStrategy[Command] = st.one_of(
    st.sampled_from([CANCEL, CANNOT, CHITCHAT, ERROR, KNOWLEDGE, REPEAT, SKIP]),
    st.sampled_from(FLOWS).map(start),
    st.builds(put, slots, values),
    st.lists(st.sampled_from(FLOWS), max_size=3).map(lambda options: clarify(*options)),
)
PAYLOADS = (
    "/restart",
    "/session_start",
    "/session_end",
    "/ask_hours",
    "/silence_timeout",
    "/nope",
    "",
    "/SetSlots(kind=green)",
    "/SetSlots(cups=9, milk=yes)",
    "/SetSlots(cups=none)",
)
said = st.one_of(
    st.builds(
        lambda items, later: say(*items, minutes_later=later),
        st.lists(commands, max_size=3),
        st.sampled_from([0.0, 0.0, 0.0, 61.0]),
    ),
    st.sampled_from(PAYLOADS).map(send),
)
turns = st.builds(
    Turn,
    said,
    st.lists(outcomes, max_size=3).map(tuple),
    st.sampled_from(["as it was", "as it was", "changed"]),
)


def script(*items: Say) -> list[Turn]:
    return [Turn(item) for item in items]


CORRECTION = send("/SetSlots(kind=green)")


@given(st.lists(turns, min_size=1, max_size=8))
@example(script(say(start("order_tea")), say(start("pay"), put("kind", "mud")), CORRECTION))
@example(script(say(KNOWLEDGE, start("order_tea")), say(CANCEL)))
@example(script(say(KNOWLEDGE, start("order_tea")), say(start("order_tea"), CANCEL)))
@example(script(say(start("spin"), ERROR, start("order_tea"))))
@settings(max_examples=200, deadline=None)
def test_invariants(turns: list[Turn]) -> None:
    broken = _BrokenTurns()
    with tempfile.TemporaryDirectory() as folder, broken:
        asyncio.run(_hold(turns, Path(folder) / "events.log"))
    assert broken.records == []


class _BrokenTurns(logging.Handler):
    """Collects the turns that had to be taken back, which no command may lead to."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.records.append(record)

    def __enter__(self) -> None:
        logging.getLogger("modelservice.calm").addHandler(self)

    def __exit__(self, *_: object) -> None:
        logging.getLogger("modelservice.calm").removeHandler(self)


async def _hold(turns: list[Turn], log: Path) -> None:
    world = World(ASSISTANT, "", hears_intents=False)
    kitchen = world.server = Kitchen()
    broker = FileBroker(log, environment=None)
    conversations = Conversations(ASSISTANT, broker, clock=lambda: world.time)
    for turn in turns:
        kitchen.outcomes = list(turn.outcomes)
        assistant = ASSISTANTS[turn.assistant]
        world.use(assistant)
        async with conversations.locked("ana") as tracker:
            world.tracker, is_over = tracker, tracker.state.terminated
            events = await world.take(turn.said)
        if is_over:
            assert events == []
        elif not tracker.state.paused:
            last = "session_ended" if tracker.state.terminated else "bot_turn_ended"
            assert events[-1].type == last
        _assert_stands(tracker, assistant)
    _assert_whole(tracker, log)
    _assert_replayable(tracker)
    _assert_flows_end(tracker)
    _assert_resets(tracker)


def _assert_stands(tracker: Tracker, assistant: Assistant) -> None:
    """Every frame stands on a step of its flow, at its start or at its end; none is there twice."""
    frames = list(tracker.stack)
    assert len({frame.frame_id for frame in frames}) == len(frames)
    for frame in frames:
        step_id = frame.step_id
        # A correction sends a flow that waits below others back to a step: it stands before it.
        if frame is not frames[-1]:
            step_id = step_id.removeprefix(NEXT_PREFIX)
        stands_on_a_step = assistant.step(frame.flow_id, step_id) is not None
        assert stands_on_a_step or step_id == "START" or frame.is_ending


def _assert_whole(tracker: Tracker, log: Path) -> None:
    """What was published is what the tracker has, in the same order."""
    published = [json.loads(line) for line in log.read_text().splitlines()]
    kept = [(event.type, event.timestamp) for event in tracker.events]
    assert [(line["event"], line["timestamp"]) for line in published] == kept
    assert kept == sorted(kept, key=lambda pair: pair[1])


def _assert_replayable(tracker: Tracker) -> None:
    """The events alone lead to the same state."""
    copy = Tracker(tracker.sender_id, ASSISTANT.domain.slots)
    copy.replay(event.as_dict() for event in tracker.events)
    assert copy.stack.as_list() == tracker.stack.as_list()
    assert copy.slots == tracker.slots


def _assert_flows_end(tracker: Tracker) -> None:
    """What was started has been completed or is on the stack.

    Two things are known: a flow may be stopped before it began, and what a new model no longer
    has goes without a word.
    """
    events = tracker.events[_beginning(tracker) :]
    started = Counter(e["flow_id"] for e in events if e.type == "flow_started")
    ended = Counter(e["flow_id"] for e in events if e.type == "flow_completed")
    waiting = Counter(f.flow_id for f in tracker.stack if f.step_id != "START")
    stopped, purged, restored = Counter[str](), Counter[str](), Counter[str]()
    stack: list[dict[str, Any]] = []
    for event in events:
        if event.type == "stack":
            before = {frame["frame_id"]: frame for frame in stack}
            stack = jsonpatch.apply_patch(stack, event["update"])
            stopped.update(_stopped_at_start(before, stack))
            purged.update(_purged(before, stack))
            restored.update(_restored(before, stack))
    assert started + stopped + restored == ended + waiting + purged


Frames = dict[str, dict[str, Any]]


def _stopped_at_start(before: Frames, stack: list[dict[str, Any]]) -> list[str]:
    return [
        frame["flow_id"]
        for frame in stack
        if frame["step_id"] == NEXT_PREFIX + END
        and before.get(frame["frame_id"], {}).get("step_id") == "START"
    ]


def _restored(before: Frames, stack: list[dict[str, Any]]) -> list[str]:
    """Called flows that had ended, and to whose question a correction leads back."""
    new = [frame for frame in stack if frame["frame_id"] not in before]
    return [frame["flow_id"] for frame in new if frame["step_id"] != "START"]


def _purged(before: Frames, stack: list[dict[str, Any]]) -> list[str]:
    new = [frame["flow_id"] for frame in stack if frame["frame_id"] not in before]
    if "pattern_code_change" not in new:
        return []
    left = {frame["frame_id"] for frame in stack}
    gone = [frame for frame in before.values() if frame["frame_id"] not in left]
    return [frame["flow_id"] for frame in gone if frame["step_id"] != "START"]


def _beginning(tracker: Tracker) -> int:
    """Where the stack was last emptied by an event that says nothing of single flows."""
    places = [
        number
        for number, event in enumerate(tracker.events)
        if event.type in ("session_started", "restart")
    ]
    return places[-1]


def _assert_resets(tracker: Tracker) -> None:
    """A flow that ends leaves its slots as they were declared, unless its caller goes on."""
    stack: list[dict[str, Any]] = []
    ending: dict[str, Any] = {}
    values: dict[str, Any] = {}
    for event in tracker.events:
        if event.type in ("session_started", "restart"):
            stack = []
        if event.type in ("session_started", "restart", "reset_slots"):
            values = {}
        elif event.type == "slot":
            values[event["name"]] = event["value"]
        elif event.type == "stack":
            stack = jsonpatch.apply_patch(stack, event["update"])
            ending = stack[-1] if stack and stack[-1]["step_id"] == END else ending
        elif event.type == "flow_completed" and ending.get("frame_type") != CALL:
            for name, initial in RESETS.get(event["flow_id"], {}).items():
                assert values.get(name, initial) == initial
