"""Coexistence: what is CALM's, what belongs to the classic part, and that the author is told."""

from __future__ import annotations

from typing import Any

import pytest

from modelservice.calm.actions.runner import ActionRunner
from modelservice.calm.dialogue.events import Event
from modelservice.calm.dialogue.nlu_adapter import NluResult
from modelservice.calm.dialogue.reading import MessageReader
from modelservice.calm.dialogue.responses import ResponseGenerator
from modelservice.calm.dialogue.routing import IntentRouter
from modelservice.calm.turns.engine import TurnEngine
from tests.calm.chat_server import Behaviour, Talk, make_bot, status, talking
from tests.calm.conformance.notation import assert_sequence
from tests.calm.conformance.world import World, put, say, send, start, tea_house

DOMAIN = """
domain:
  slots:
    route_session_to_calm: {type: bool}
    vip: {type: bool, shared_for_coexistence: true}
"""
LISTS = {
    "nlu_entry": {"sticky": ["transfer"], "non_sticky": ["chitchat"]},
    "calm_entry": {"sticky": ["tea"]},
}
CLASSIC_NOTE = "which only Rasa itself runs"


CLASSIC = "SAY(utter_classic_part_not_running)"
SESSION = "a(action_session_start) session_started"


def coexisting(changes: str = "", *, minimize_calls: bool = True) -> World:
    assistant = tea_house(DOMAIN + changes)
    world = World(assistant, "", hears_intents=True)
    reader = MessageReader(
        assistant,
        world.generator,
        world.interpreter,
        router=IntentRouter(LISTS, assistant),
        minimize_calls=minimize_calls,
    )
    actions = ActionRunner(assistant, world.server, ResponseGenerator(assistant))
    world.engine = TurnEngine(assistant, reader, actions)
    return world


def heard(intent: str | None, *commands: Any) -> Any:
    return say(*commands, nlu=NluResult(intent, 0.9))


def routed_to(events: list[Event]) -> Any:
    return next(e for e in events if e.type == "user")["parse_data"].get("routed", {}).get("to")


async def test_an_intent_of_calm_keeps_the_session_there() -> None:
    world = coexisting()
    events = await world.take(heard("tea", start("order_tea")))
    assert_sequence(f"{SESSION} U s(route_session_to_calm=true) fs(order_tea) ASK(kind)", events)
    assert routed_to(events) == "calm"
    events = await world.take(heard("transfer", put("kind", "green")))
    assert_sequence("U s(kind=green) OK ASK(size)", events)
    assert routed_to(events) is None, "the router is asked once"


async def test_an_intent_of_the_classic_part_is_sticky_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = coexisting()
    events = await world.take(heard("transfer", start("order_tea")))
    assert_sequence(f"{SESSION} U s(route_session_to_calm=false) {CLASSIC}", events)
    user = next(event for event in events if event.type == "user")
    assert CLASSIC_NOTE in user["parse_data"]["note"]
    assert CLASSIC_NOTE in caplog.text
    assert not world.generator.requests
    events = await world.take(heard("tea", start("order_tea")))
    assert_sequence(f"U {CLASSIC}", events)
    user = next(event for event in events if event.type == "user")
    assert user["parse_data"]["commands"] == [{"command": "noop"}]
    assert not world.generator.requests


async def test_one_message_for_the_classic_part() -> None:
    world = coexisting()
    assert_sequence(f"{SESSION} U {CLASSIC}", await world.take(heard("chitchat")))
    events = await world.take(heard("tea", start("order_tea")))
    assert_sequence("U s(route_session_to_calm=true) fs(order_tea) ASK(kind)", events)


@pytest.mark.parametrize(
    ("intent", "side"),
    [("ask_hours", "calm"), ("anything_else", "nlu"), (None, "calm")],
)
async def test_intents_on_no_list(intent: str | None, side: str) -> None:
    world = coexisting()
    assert routed_to(await world.take(heard(intent, start("order_tea")))) == side


async def test_payloads_route_too() -> None:
    world = coexisting()
    events = await world.take(send("/ask_hours"))
    assert_sequence(
        f"{SESSION} U s(route_session_to_calm=true) fs(opening_hours) ASK(weekday)", events
    )
    world = coexisting()
    events = await world.take(send("/greet"))
    assert_sequence(f"{SESSION} U s(route_session_to_calm=false) {CLASSIC}", events)
    world = coexisting()
    await world.take(send("/restart"))
    assert world.tracker.slots["route_session_to_calm"] is None


async def test_routing_is_reset_by_an_action() -> None:
    world = coexisting("flows: {opening_hours: {steps: [{action: action_reset_routing}]}}\n")
    await world.take(send("/SetSlots(route_session_to_calm=true, kind=green)"))
    world.tracker.append(Event("slot", {"name": "vip", "value": True}))
    events = await world.take(heard(None, start("opening_hours")))
    assert [e.type for e in events if e.type == "routing_session_ended"]
    slots = world.tracker.slots
    assert slots["route_session_to_calm"] is None
    assert slots["kind"] is None
    assert slots["vip"] is True
    assert slots["language"] == "en"
    assert not world.tracker.stack
    assert routed_to(await world.take(heard("transfer"))) == "nlu"


async def test_without_the_slot_nothing_is_routed() -> None:
    world = coexisting("")
    world.use(tea_house())
    events = await world.take(heard("transfer", start("order_tea")))
    assert_sequence(f"{SESSION} U fs(order_tea) ASK(kind)", events)


# -- a language model decides --------------------------------------------------------------------

PIPELINE: list[dict[str, Any]] = [
    {
        "name": "LLMBasedRouter",
        "llm": {"model_group": "group"},
        "calm_entry": {"sticky": "everything about tea"},
        "nlu_entry": {"sticky": "money", "non_sticky": "jokes"},
    },
    {"name": "CompactLLMCommandGenerator", "llm": {"model_group": "group"}},
]


def routing(**slots: Any) -> dict[str, Any]:
    slots = {"kind": {"type": "text"}, "size": {"type": "text"}, "weekday": {"type": "text"}}
    return {
        "domain": {"slots": {**slots, "route_session_to_calm": {"type": "bool"}}},
        "config": {"pipeline": PIPELINE},
    }


@pytest.mark.parametrize(
    ("answer", "side"),
    [
        ("A", "calm"),
        (" **A**)", "calm"),
        ("B", "nlu, this message only"),
        ("C", "nlu"),
        ("All of them", "nlu"),
        ("no idea", "nlu"),
    ],
)
async def test_a_model_routes(answer: str, side: str) -> None:
    async with talking(answer, "start flow order_tea", changes=routing()) as (talk, chat):
        data = await talk.say("a tea please")
        assert data["routed"]["to"] == side
        [answer_of_bot] = talk.said
        told = "Which kind?" if side == "calm" else "stories and rules, which need Rasa itself."
        assert answer_of_bot.endswith(told)
        assert (CLASSIC_NOTE in data.get("note", "")) is (side != "calm")
        assert "A) everything about tea" in chat.prompts[0]
        assert "a tea please" in chat.prompts[0]
        if side == "calm":
            await talk.say("green")
            assert len(chat.requests) == 3, "the router is asked once"


@pytest.mark.parametrize("failure", [status(400), status(401)])
async def test_a_model_that_cannot_route_leaves_it_to_calm(failure: Behaviour) -> None:
    async with talking(failure, changes=routing()) as (talk, _):
        data = await talk.say("I want to order a tea")
        assert data["routed"]["to"] == "calm"
        assert "answered 40" in data["routed"]["reason"]
        assert talk.said == ["Which kind?"]


async def test_a_router_without_a_model_leaves_it_to_calm() -> None:
    bot = make_bot({}, changes=routing())
    talk = Talk(bot)
    await talk.say("I want to order a tea")
    assert talk.said == ["Which kind?"]
    assert any("LLMBasedRouter" in warning for warning in bot.model.warnings)
    await bot.close()


# -- beside other understanding ------------------------------------------------------------------


@pytest.mark.parametrize(("minimize", "asked"), [(True, 0), (False, 1)])
async def test_the_generator_is_spared_what_the_intent_has_told(minimize: bool, asked: int) -> None:
    world = coexisting(minimize_calls=minimize)
    events = await world.take(heard("ask_hours", start("order_tea"), put("weekday", "Monday")))
    assert len(world.generator.requests) == asked
    started = [event["flow_id"] for event in events if event.type == "flow_started"]
    assert started[0] == "opening_hours"
    assert "order_tea" not in started, "the intent's flow wins"


async def test_slots_whose_mapping_does_not_hold_are_not_set() -> None:
    world = coexisting(
        "    kind: {type: text, mappings: [{type: from_llm, intent: tea}]}\n"
        "    size: {type: text, mappings: []}\n"
    )
    await world.take(heard("tea", start("order_tea"), put("kind", "green"), put("size", "big")))
    assert world.tracker.slots["kind"] == "green"
    assert world.tracker.slots["size"] is None
